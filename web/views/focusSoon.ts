/** Puts the focus on what is about to be drawn: what had it goes, and whoever uses the keyboard would begin at the top. */
export function focusSoon(id: string): void {
  // Two frames: the first draws what changed.
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(id)?.focus()));
}
