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

/** Exactly two stars on each side: the longer rows are those of covered numbers, 110***********002X. */
const bold = /(^|[^*])\*\*([^\s*](?:(?:[^*]|\*(?!\*)|\*{3,}(?!\*))*?[^\s*])?)\*\*(?!\*)/;
const link = /\[([^\]]+)\]\(((?:[^\s()]|\([^\s()]*\))+)\)/;

function inline(source: string): ComponentChildren {
  const [found] = [findBold(source), findLink(source)].filter((match) => match !== undefined).sort((a, b) => a.start - b.start);
  if (!found) return plain(source);
  const { start, end, text, address } = found;
  return [plain(source.slice(0, start)), address ? anchor(text, address) : <strong>{inline(text)}</strong>, inline(source.slice(end))];
}

interface Found {
  start: number;
  end: number;
  text: string;
  address?: string;
}

function findBold(source: string, from = 0): Found | undefined {
  const match = bold.exec(source.slice(from));
  if (!match) return undefined;
  const [whole, before = '', text = ''] = match;
  const start = from + match.index + before.length;
  // The stars of a covered name, 张**。, end a word; those that begin bold text do not.
  const endsWord = /[\p{L}\p{N}]/u.test(before) && /^[\p{P}\p{S}]/u.test(text);
  return endsWord ? findBold(source, start + 2) : { start, end: from + match.index + whole.length, text };
}

function findLink(source: string): Found | undefined {
  const match = link.exec(source);
  if (!match) return undefined;
  const [whole, text = '', address = ''] = match;
  return { start: match.index, end: match.index + whole.length, text, address };
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

/** Between bold and Chinese text Markdown needs a space where Chinese has none. */
function withoutGaps(source: string): string {
  return source.replace(/(\S\*\*) +(?=\p{Script=Han})/gu, '$1').replace(/([\p{Script=Han}，。；：、）]) +(?=\*\*\S)/gu, '$1');
}
