import type { ComponentChildren } from 'preact';

/** A heading one below the station's name: the name is h1 on its own page, h2 in the sheet. */
export type SectionLevel = 2 | 3;

interface HeadingProps {
  level: SectionLevel;
  id?: string;
  children: ComponentChildren;
}

/** Heading of a part of a station. */
export function Heading({ level, id, children }: HeadingProps) {
  return level === 2 ? (
    <h2 class="section-heading" id={id}>
      {children}
    </h2>
  ) : (
    <h3 class="section-heading" id={id}>
      {children}
    </h3>
  );
}
