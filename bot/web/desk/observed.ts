import { useLayoutEffect, useReducer } from 'preact/hooks';

/** Something that views show, and that tells them when it has changed. */
export class Observed {
  readonly #watchers = new Set<() => void>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  protected changed(): void {
    this.#version += 1;
    for (const watcher of this.#watchers) watcher();
  }
}

/** Draws the view again whenever what it shows has changed. */
export function useObserved(shown: Observed): void {
  const [, draw] = useReducer((count: number, _: undefined) => count + 1, 0);
  const drawn = shown.version;
  useLayoutEffect(() => {
    const again = () => draw(undefined);
    if (shown.version !== drawn) again(); // changed between drawing and watching
    return shown.watch(again);
  }, [shown]);
}
