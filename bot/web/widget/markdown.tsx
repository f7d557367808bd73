import type { ComponentChildren } from 'preact';

/**
 * Shows the small part of Markdown that answers use: paragraphs, lists, bold, links. Everything becomes elements of ours with
 * text inside; whatever else the source has stays text, and only harmless addresses become links.
 */
export function Markdown({ source }: { source: string }) {
  const text = withoutGaps(source).trim();
  return <>{text !== '' && text.split(/\n\s*\n/).map(block)}</>;
}

const marker = /^(?:[-*]|(\d{1,9})\.) +/;

function block(source: string): ComponentChildren {
  const [first = ''] = source.split('\n');
  const [mark, number] = marker.exec(first) ?? [];
  if (!mark) return <p>{lines(source)}</p>;
  const items = source.split(/\n(?=(?:[-*]|\d{1,9}\.) )/).map((item) => <li>{lines(item.replace(marker, '').replace(/\n +/g, '\n'))}</li>);
  return number ? <ol start={Number(number)}>{items}</ol> : <ul>{items}</ul>;
}

/** In a chat a new line is meant as one. */
function lines(source: string): ComponentChildren {
  return source.split('\n').map((line, at) => (at === 0 ? inline(line) : [<br />, inline(line)]));
}

const bold = /\*\*(\S|\S.*?\S)\*\*/;
const link = /\[([^\]]+)\]\(((?:[^\s()]|\([^\s()]*\))+)\)/;

function inline(source: string): ComponentChildren {
  const [found] = [bold.exec(source), link.exec(source)].filter((match) => match !== null).sort((a, b) => a.index - b.index);
  if (!found) return source;
  const [whole, text = '', address] = found;
  return [
    source.slice(0, found.index),
    address ? anchor(text, address) : <strong>{inline(text)}</strong>,
    inline(source.slice(found.index + whole.length)),
  ];
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

/** Between bold and Chinese text Markdown needs a space where Chinese has none. */
function withoutGaps(source: string): string {
  return source.replace(/(\S\*\*) +(?=\p{Script=Han})/gu, '$1').replace(/([\p{Script=Han}，。；：、）]) +(?=\*\*\S)/gu, '$1');
}
