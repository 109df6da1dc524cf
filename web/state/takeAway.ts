/** What needs a script on reports and citations: the pages are complete without, so the buttons are added by it. */

/** A button that prints, in each `[data-print]`. */
export function addPrintButtons(page: Document): void {
  for (const slot of slots(page, 'print')) button(page, slot, slot.dataset.print ?? '').onclick = () => print();
}

/** A button that copies a paragraph, in each `[data-copy]`, which names the paragraph's id. */
export function addCopyButtons(page: Document): void {
  for (const slot of slots(page, 'copy')) {
    const { copy = '', label = '', done = '' } = slot.dataset;
    const said = page.createElement('span');
    said.setAttribute('role', 'status');
    button(page, slot, label).onclick = async () => {
      await copyText(page, page.getElementById(copy)?.textContent ?? '');
      said.textContent = done;
    };
    slot.append(said);
  }
}

function slots(page: Document, name: string): HTMLElement[] {
  return [...page.querySelectorAll<HTMLElement>(`[data-${name}]`)];
}

function button(page: Document, slot: HTMLElement, label: string): HTMLButtonElement {
  const made = page.createElement('button');
  made.type = 'button';
  made.className = 'button';
  made.textContent = label;
  slot.append(made);
  return made;
}

/** The clipboard is only there over HTTPS; elsewhere the old way does. */
async function copyText(page: Document, text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = page.createElement('textarea');
  field.value = text;
  page.body.append(field);
  field.select();
  page.execCommand('copy');
  field.remove();
}
