import { useRef, useState } from 'preact/hooks';
import type { Filing, SummaryLine } from './direct-line.ts';

/** How far the form is. */
export function Progress({ done, total }: NonNullable<Filing['progress']>) {
  return (
    <div class="progress">
      <progress max={total} value={done} aria-hidden="true" />
      <span>
        已填{done}项，共{total}项
      </span>
    </div>
  );
}

export function RefusalHead() {
  return (
    <p class="refusal-head">
      <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2">
        <circle cx="12" cy="12" r="9" />
        <path stroke-linecap="round" d="M12 7.5v5.5M12 16.5h.01" />
      </svg>
      请再看一下
    </p>
  );
}

interface SummaryProps {
  lines: readonly SummaryLine[];
  /** Sends what changes an item; undefined: it is no longer open. */
  change: ((text: string) => void) | undefined;
}

/** The lines of a summary: an item each, or the items of a group, where each is pressed to change it. */
export function Summary({ lines, change }: SummaryProps) {
  return (
    <dl class="summary">
      {rowsOf(lines).map((row) => {
        const [first] = row;
        if (!first) return null;
        return first.group === undefined ? (
          <Item key={first.field} line={first} change={change} />
        ) : (
          <div key={first.field}>
            <dt>{first.group}</dt>
            <dd class="items">
              {row.map((line) => (
                <GroupItem key={line.field} line={line} change={change} />
              ))}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function rowsOf(lines: readonly SummaryLine[]): SummaryLine[][] {
  const rows: SummaryLine[][] = [];
  for (const line of lines) {
    const row = rows.at(-1);
    if (row && line.group !== undefined && row[0]?.group === line.group) row.push(line);
    else rows.push([line]);
  }
  return rows;
}

interface ItemProps {
  line: SummaryLine;
  change: SummaryProps['change'];
}

function Item({ line: { label, value, change: command }, change }: ItemProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
      {change && (
        <dd>
          <button type="button" aria-label={`改${label}`} onClick={() => change(command)}>
            改
          </button>
        </dd>
      )}
    </div>
  );
}

function GroupItem({ line: { label, value, short, change: command }, change }: ItemProps) {
  const said = short ? `${short} ${value}` : value;
  return change ? (
    <button type="button" aria-label={`改${label}：${value}`} onClick={() => change(command)}>
      {said}
    </button>
  ) : (
    <span>{said}</span>
  );
}

const copiedShownMs = 3_000;

export function CaseNumber({ number }: { number: string }) {
  const shown = useRef<HTMLElement>(null);
  const [word, setWord] = useState('复制');
  const copy = async () => {
    setWord((await copyText(number, shown.current)) ? '已复制' : '请长按复制');
    setTimeout(() => setWord('复制'), copiedShownMs);
  };
  return (
    <div class="case-number">
      <span>受理编号</span>
      <strong ref={shown}>{number}</strong>
      <button type="button" onClick={copy} aria-label={`${word}受理编号`}>
        {word}
      </button>
      <span class="unseen" role="status">
        {word === '复制' ? '' : word}
      </span>
    </div>
  );
}

/** Pages of others often keep the clipboard from their frames; copying what is selected they do not. */
async function copyText(text: string, shown: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (!shown) return false;
    getSelection()?.selectAllChildren(shown);
    return document.execCommand('copy');
  }
}
