import { MINUTE_MS } from '../../server/domain/durations.ts';

/** Writing a large network's state takes some tens of milliseconds: once a minute, and when the page is left. */
const SAVE_EVERY_MS = MINUTE_MS;

/** Calls `save` every minute and when the page is hidden. A full disk or a blocked store only means no saved state. */
export function saveNowAndThen(save: () => Promise<void>): void {
  const attempt = () => {
    save().catch((error: unknown) => console.warn('The map could not be kept for offline visits', error));
  };
  setInterval(attempt, SAVE_EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') attempt();
  });
}
