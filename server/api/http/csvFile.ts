/**
 * How a CSV is written. `plain`: comma, decimal point, UTF-8, comment lines with #. `excel`: what a German Excel opens
 * right with a double click: semicolon, decimal comma, byte order mark, comment lines as text cells.
 */
export const CSV_FORMS = ['csv', 'csv-excel'] as const;
/** One of `CSV_FORMS`. */
export type CsvForm = (typeof CSV_FORMS)[number];

/** A cell; null and undefined are empty. */
export type CsvCell = string | number | boolean | null | undefined;

/** A file with head lines, column names and rows. A file that travels alone must say what it is. */
export function csvFile(
  form: CsvForm,
  { head, columns, rows }: { head: readonly string[]; columns: readonly string[]; rows: Iterable<readonly CsvCell[]> },
): string {
  const isExcel = form === 'csv-excel';
  const separator = isExcel ? ';' : ',';
  const end = isExcel ? '\r\n' : '\n';
  const line = (cells: readonly CsvCell[]) =>
    cells.map((cell) => cellText(cell, separator, isExcel)).join(separator) + end;
  const notes = head.map((text) => (isExcel ? line([text]) : csvNote(text)));
  return `${isExcel ? '\ufeff' : ''}${notes.join('')}${line(columns)}${Array.from(rows, line).join('')}`;
}

/**
 * A comment line of a plain file. Spreadsheets know none and split it like any other: what stands behind a comma there, in a
 * station's name for one, must not begin like a formula.
 */
export function csvNote(text: string): string {
  return `# ${text.replace(/[\r\n]+/g, ' ').replace(/([,;\t]["\s]*)(?=[=+@-])/g, "$1'")}\n`;
}

function cellText(cell: CsvCell, separator: string, isExcel: boolean): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return isExcel ? String(cell).replace('.', ',') : String(cell);
  // A text that begins like a formula would be run by a spreadsheet.
  const text = typeof cell === 'string' ? cell.replace(/^(?=[=+@\t\r-])/, "'") : String(cell);
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
