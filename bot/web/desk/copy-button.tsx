import { useState } from 'preact/hooks';

interface CopyButtonProps {
  text: string;
  /** What it says before, and where the browser does not let a page copy. */
  word: string;
  otherwise?: string;
  class: string;
}

/** Copies a text, and says that it has. */
export function CopyButton({ text, word, otherwise = '请手动复制', class: look }: CopyButtonProps) {
  const [said, say] = useState(word);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say('已复制');
    } catch {
      say(otherwise);
    }
  };
  return (
    <button type="button" class={look} onClick={() => void copy()}>
      {said}
    </button>
  );
}
