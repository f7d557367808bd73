import { useState } from 'preact/hooks';
import type { Filing } from './direct-line.ts';

export interface SeveralChoicesProps {
  labels: readonly string[];
  several: NonNullable<Filing['several']>;
  /** Sends what was picked, as one message. */
  choose: (text: string) => void;
}

/** Choices of which several may be picked: each tap adds one or takes it back, and a button at the end sends them together. */
export function SeveralChoices({ labels, several: { alone, most = labels.length }, choose }: SeveralChoicesProps) {
  const [picked, setPicked] = useState<readonly string[]>([]);
  const toggle = (label: string) => {
    if (picked.includes(label)) return setPicked(picked.filter((each) => each !== label));
    // What goes with no other takes the place of all others, and makes place for them.
    setPicked(alone.includes(label) ? [label] : [...picked.filter((each) => !alone.includes(each)), label]);
  };
  const isFull = picked.length >= most && !picked.some((label) => alone.includes(label));
  return (
    <div class="offer">
      <p class="invitation" role="status">
        {isFull ? `最多选${most}项` : '可以选几项，选完点“选好了”'}
      </p>
      <ul class="choices several">
        {labels.map((label) => (
          <li key={label}>
            <button
              type="button"
              aria-pressed={picked.includes(label)}
              disabled={isFull && !picked.includes(label) && !alone.includes(label)}
              onClick={() => toggle(label)}
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="picked"
        disabled={picked.length === 0}
        onClick={() => choose(labels.filter((label) => picked.includes(label)).join('、'))}
      >
        {picked.length > 1 ? `选好了（${picked.length}项）` : '选好了'}
      </button>
    </div>
  );
}
