/** Line icons of one weight, 20 px, drawn with the text colour; always beside or inside a named control. */
const PATHS = {
  search: 'M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12Zm4.5-1.5L18 18',
  close: 'M4.5 4.5l11 11m0-11l-11 11',
  pause: 'M7 4v12M13 4v12',
  play: 'M6 3.5v13l10.5-6.5L6 3.5Z',
  up: 'M4 13l6-6 6 6',
  down: 'M4 7l6 6 6-6',
  link: 'M8.5 11.5a3.5 3.5 0 0 0 5 0l3-3a3.54 3.54 0 0 0-5-5l-1 1M11.5 8.5a3.5 3.5 0 0 0-5 0l-3 3a3.54 3.54 0 0 0 5 5l1-1',
  page: 'M12 3h5v5M17 3l-7.5 7.5M8 4H3.5v12.5H16V12',
  locate: 'M10 2v3m0 10v3M2 10h3m10 0h3M10 14.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Z',
  drop: 'M10 2.5c3 3.8 4.8 6.4 4.8 9a4.8 4.8 0 0 1-9.6 0c0-2.6 1.8-5.2 4.8-9Z',
  info: 'M10 9v5m0-8v.5M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16Z',
} as const;

/** An icon there is. */
export type IconName = keyof typeof PATHS;

/** An icon; hidden from screen readers, the control carries the name. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
