import type { ComponentProps } from 'preact';

type ActionButtonProps = ComponentProps<'button'> & {
  /** What was asked for before is still under way. */
  isBusy: boolean;
};

/**
 * A button for what takes a moment. While it does, the button stays where the reader is and does nothing: a disabled one
 * would lose the focus, and whoever uses the keyboard would begin anew at the page's top.
 */
export function ActionButton({ isBusy, onClick, ...rest }: ActionButtonProps) {
  if (!isBusy) return <button {...rest} onClick={onClick} />;
  // A form that is sent with Enter presses its button, too.
  return <button {...rest} aria-disabled="true" onClick={(event) => event.preventDefault()} />;
}
