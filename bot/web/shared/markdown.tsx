import type { ComponentChildren } from 'preact';
import { type Block, type Inline, readMarkdown } from '../../markdown.ts';

/**
 * Shows the Markdown of an answer. Everything becomes elements of ours with text inside, and only harmless addresses become
 * links.
 */
export function Markdown({ source }: { source: string }) {
  return <>{readMarkdown(source).map(block)}</>;
}

function block(shown: Block): ComponentChildren {
  if (shown.kind === 'paragraph') return <p>{lines(shown.lines)}</p>;
  const items = shown.items.map((item) => <li>{lines(item)}</li>);
  return shown.start === undefined ? <ul>{items}</ul> : <ol start={shown.start}>{items}</ol>;
}

function lines(shown: Inline[][]): ComponentChildren {
  return shown.map((line, at) => (at === 0 ? line.map(inline) : [<br />, line.map(inline)]));
}

function inline(shown: Inline): ComponentChildren {
  switch (shown.kind) {
    case 'text':
      return plain(shown.text);
    case 'bold':
      return <strong>{shown.inner.map(inline)}</strong>;
    case 'link':
      return anchor(shown.text, shown.address);
  }
}

const caseNumber = /(BA-\d{8}-\d{7})/;

/** A case number stays on one line where it can: people read it out and copy it. */
function plain(source: string): ComponentChildren {
  if (!caseNumber.test(source)) return source;
  return source.split(caseNumber).map((part, at) => (at % 2 === 1 ? <span class="whole">{part}</span> : part));
}

function anchor(text: string, address: string): ComponentChildren {
  if (!isHarmless(address)) return text;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}

/** Pages elsewhere have to be protected ones; our own are what they are. */
function isHarmless(address: string): boolean {
  if (/^(https:|tel:|mailto:)/i.test(address)) return true;
  if (!/^(\/|http:)/i.test(address)) return false;
  try {
    return new URL(address, location.href).origin === location.origin;
  } catch {
    return false;
  }
}
