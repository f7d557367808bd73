/** Two soft notes. Browsers keep pages silent until somebody has pressed something in them: until then nothing is heard. */
export class Chime {
  #context: AudioContext | undefined;

  constructor() {
    const wake = () => {
      this.#context ??= new AudioContext();
      void this.#context.resume();
    };
    addEventListener('pointerdown', wake, { once: true });
    addEventListener('keydown', wake, { once: true });
  }

  ring(kind: 'waiting' | 'message'): void {
    const context = this.#context;
    if (context?.state !== 'running') return;
    const notes = kind === 'waiting' ? [659.3, 880] : [880];
    for (const [at, frequency] of notes.entries()) this.#note(context, frequency, context.currentTime + at * 0.16);
  }

  #note(context: AudioContext, frequency: number, start: number): void {
    const tone = new OscillatorNode(context, { type: 'sine', frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.5);
  }
}

/** Tells those who look at something else. The words name nobody's question: others may look at the screen, too. */
export function notify(words: string): void {
  if (!document.hidden || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const notification = new Notification('客服工作台', { body: words, icon: '/favicon.svg', tag: 'filing-desk' });
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
}

/** Asks the browser for leave to notify; says whether it was given. */
export async function mayNotify(): Promise<boolean> {
  return 'Notification' in globalThis && (await Notification.requestPermission()) === 'granted';
}

export function titleFor(waiting: number, unread: number): string {
  if (waiting > 0) return `(${waiting}) 有人等待 · 客服工作台`;
  return unread > 0 ? `(${unread}) 新消息 · 客服工作台` : '客服工作台';
}
