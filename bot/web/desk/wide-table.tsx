import type { ComponentChildren } from 'preact';

/** A table of words and figures alone, which may be wider than the screen. */
export function WideTable({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard, and nothing in it is
    <section class="table" aria-label={name} tabIndex={0}>
      {children}
    </section>
  );
}
