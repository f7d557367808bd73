/** Something that is there or not, and can be waited for. */
export class Gate {
  opened: Promise<void>;
  #resolve: () => void = () => undefined;
  #closed = true;

  constructor() {
    this.opened = this.#newPromise();
  }

  open(): void {
    this.#closed = false;
    this.#resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.opened = this.#newPromise();
  }

  #newPromise(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}

/** A wait that can be cut short. */
export class Pause {
  cut: () => void = () => undefined;

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.cut = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
