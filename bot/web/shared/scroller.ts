const nearPx = 60;
const marginPx = 12;

/** Keeps the newest message in sight for whoever reads there, and leaves alone whoever has scrolled back. */
export class Scroller {
  readonly #reached: () => void;
  #log: HTMLElement | null = null;
  #atEnd = true;

  constructor(reached: () => void) {
    this.#reached = reached;
  }

  watch(log: HTMLElement | null): (() => void) | undefined {
    if (!log) return undefined;
    this.#log = log;
    const note = () => {
      if (log.clientHeight === 0) return; // the panel is closed
      this.#atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < nearPx;
      if (this.#atEnd) this.#reached();
    };
    log.addEventListener('scroll', note);
    // The keyboard of a phone takes half of the height: what was in sight stays in sight.
    const resized = new ResizeObserver(() => this.#atEnd && this.toEnd());
    resized.observe(log);
    return () => {
      log.removeEventListener('scroll', note);
      resized.disconnect();
    };
  }

  toEnd(): void {
    this.#atEnd = true;
    this.#log?.scrollTo({ top: this.#log.scrollHeight });
  }

  /** Shows what was added, if the reader is there; says whether. */
  follow(): boolean {
    const log = this.#log;
    if (!log || !this.#atEnd) return false;
    const last = log.querySelector('.message:last-of-type');
    // A long answer is read from its beginning: its top stays in sight.
    if (last instanceof HTMLElement && last.matches('.theirs') && last.offsetHeight > log.clientHeight * 0.8)
      log.scrollTo({ top: last.offsetTop - marginPx });
    else this.toEnd();
    return true;
  }
}
