import { useEffect, useState } from 'preact/hooks';
import { read } from './calls.ts';
import { useDesk } from './context.ts';

const firstPosition = 1;

export interface OlderLines<T> {
  /** Newest first. */
  lines: readonly T[];
  rest: 'unknown' | 'loading' | 'more' | 'none';
  load: () => Promise<void>;
}

/** Lines of a list that only grows, read from the newest on, as far back as somebody asks for. `path`: answers to `before`, a position. */
export function useOlderLines<T extends { position: number }>(path: string): OlderLines<T> {
  const { desk } = useDesk();
  const [lines, setLines] = useState<readonly T[]>([]);
  const [rest, setRest] = useState<OlderLines<T>['rest']>('unknown');
  const load = async () => {
    setRest('loading');
    const before = lines.at(-1)?.position;
    const done = await desk.attempt(async () => {
      const added = await read<T[]>(before === undefined ? path : `${path}?before=${before}`);
      setLines([...lines, ...added]);
      const oldest = added.at(-1)?.position ?? firstPosition;
      setRest(oldest === firstPosition ? 'none' : 'more');
    });
    if (!done) setRest('more');
  };
  useEffect(() => {
    void load();
  }, []);
  return { lines, rest, load };
}

/** What stands under such a list. `nothing`: said where it has no lines. */
export function OlderLinesEnd({ of: { lines, rest, load }, nothing }: { of: OlderLines<unknown>; nothing: string }) {
  if (rest === 'none') return lines.length === 0 ? <p class="empty">{nothing}</p> : null;
  if (rest !== 'more') return <p class="empty">正在读取…</p>;
  return (
    <button type="button" class="small more" onClick={() => void load()}>
      更早的记录
    </button>
  );
}
