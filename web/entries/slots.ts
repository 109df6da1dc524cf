/** The element of the server's page that a view goes into, emptied. */
export function fill(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  element.replaceChildren();
  return element;
}
