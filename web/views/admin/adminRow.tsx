import type { ComponentChildren } from 'preact';
import type { PartProps } from './adminParts.tsx';

interface RowProps extends Pick<PartProps, 'model'> {
  children: ComponentChildren;
  /** What the button says; a row without it has none. */
  action: string | undefined;
  /** What it is called without the row around it. */
  label?: string;
  onAction: () => void;
}

/** A line of a list, with the one thing that can be done about it. */
export function AdminRow({ model, children, action, label, onAction }: RowProps) {
  return (
    <li>
      <span>{children}</span>
      {action !== undefined && (
        <button type="button" class="button" aria-label={label} disabled={model.isBusy.value} onClick={onAction}>
          {action}
        </button>
      )}
    </li>
  );
}
