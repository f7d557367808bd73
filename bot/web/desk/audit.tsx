import { useEffect, useState } from 'preact/hooks';
import type { AuditLine } from '../../desk/desk-api.ts';
import { read } from './calls.ts';
import { useDesk, useNow } from './context.ts';
import { WideTable } from './wide-table.tsx';
import { dayAndClock, deedNames, oneLine, plain } from './words.ts';

/** Who did what, newest first. */
export function Audit() {
  const { desk } = useDesk();
  const now = useNow();
  const [lines, setLines] = useState<readonly AuditLine[]>([]);
  const [rest, setRest] = useState<'unknown' | 'loading' | 'more' | 'none'>('unknown');
  const load = async () => {
    setRest('loading');
    const before = lines.at(-1)?.position;
    const done = await desk.attempt(async () => {
      const added = await read<AuditLine[]>(before === undefined ? 'audit' : `audit?before=${before}`);
      setLines([...lines, ...added]);
      setRest(added.length === 0 ? 'none' : 'more');
    });
    if (!done) setRest('more');
  };
  useEffect(() => {
    void load();
  }, []);
  return (
    <main class="page">
      <header>
        <h2>操作记录</h2>
      </header>
      <WideTable name="记录表">
        <table>
          <thead>
            <tr>
              <th>时间</th>
              <th>谁</th>
              <th>做了什么</th>
              <th>对象</th>
              <th>说明</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ position, at, by, did, what = '', why = '' }) => (
              <tr key={position}>
                <td class="time">{dayAndClock(at, now)}</td>
                <td>
                  <bdi>{oneLine(by)}</bdi>
                </td>
                <td>{deedNames[did]}</td>
                <td dir="auto">{objectText(what)}</td>
                <td dir="auto">{plain(why)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {rest === 'none' && lines.length === 0 && <p class="empty">还没有记录</p>}
        {(rest === 'unknown' || rest === 'loading') && <p class="empty">正在读取…</p>}
        {rest === 'more' && (
          <button type="button" class="small more" onClick={() => void load()}>
            更早的记录
          </button>
        )}
      </WideTable>
    </main>
  );
}

const kinds: Record<string, string> = { account: '账号', case: '受理单', conversation: '会话' };

/** `account:ID` and its like, with the kind in Chinese. */
function objectText(what: string): string {
  const [, kind = '', name = ''] = /^(\w+):(.*)$/s.exec(what) ?? [];
  return kinds[kind] ? `${kinds[kind]} ${oneLine(name)}` : plain(what);
}
