/** What needs a script on reports and citations: the pages are complete without, so the buttons are added by it. */

/** Pixels a picture has for each of its own units: sharp in print. */
const PNG_SCALE = 2;

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

/** A button that saves an SVG file as PNG, in each `[data-png]`, which holds the file's address. */
export function addPngButtons(page: Document): void {
  for (const slot of slots(page, 'png')) {
    button(page, slot, slot.dataset.label ?? '').onclick = () => savePng(page, slot.dataset.png ?? '');
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

async function savePng(page: Document, url: string): Promise<void> {
  const svg = await (await fetch(url)).text();
  const picture = new Image();
  // An address made of the picture itself: one of ours would be refused for a canvas in old Safari.
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = page.createElement('canvas');
  canvas.width = 760 * PNG_SCALE;
  canvas.height = Math.round((canvas.width * picture.naturalHeight) / picture.naturalWidth);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const link = page.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = url.includes('/cite/') ? `zitat-${url.slice(6, 22)}.png` : 'bericht.png';
  link.click();
}
