/** This tab's storage; none where the browser forbids it. Then a reload begins anew. */
export function tabStorage(): Storage | undefined {
  try {
    return window.sessionStorage;
  } catch (error) {
    console.warn('This browser keeps nothing for a reload', error);
    return undefined;
  }
}
