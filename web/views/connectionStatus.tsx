import type { MapModel } from '../state/mapModel.ts';
import { Icon } from './icons.tsx';

/** Whether the page is live, and the button that pauses it. Not a live region: nobody is told unasked. */
export function ConnectionStatus({ model }: { model: MapModel }) {
  const { t, format } = model.context;
  const state = model.live.state.value;
  const isPaused = state.kind === 'paused';
  const words =
    state.kind === 'lost'
      ? t.lostSince(format.time(state.since))
      : isPaused
        ? t.pausedSince(format.time(state.since))
        : t.connection[state.kind];
  const label = isPaused ? t.resume : t.pause;
  return (
    <div class={`connection is-${state.kind}`}>
      <span class="connection-dot" aria-hidden="true" />
      <span class="connection-words">{words}</span>
      <button
        type="button"
        class="icon-button"
        aria-label={label}
        title={label}
        onClick={() => (isPaused ? model.resume() : model.pause())}
      >
        <Icon name={isPaused ? 'play' : 'pause'} />
      </button>
    </div>
  );
}
