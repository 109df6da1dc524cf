/** Longest wait for a quiet moment, ms. */
const AT_LATEST_MS = 1_500;

/** Calls back when the browser has painted and has time: the first view comes first. */
export function whenIdle(task: () => void): void {
  // Safari has no requestIdleCallback.
  if ('requestIdleCallback' in window) window.requestIdleCallback(task, { timeout: AT_LATEST_MS });
  else setTimeout(task, 200);
}
