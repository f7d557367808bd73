import type { AuditLine } from '../../desk/desk-api.ts';
import { useNow } from './context.ts';
import { OlderLinesEnd, useOlderLines } from './older-lines.tsx';
import { WideTable } from './wide-table.tsx';
import { dayAndClock, deedNames, oneLine, plain } from './words.ts';

/** Who did what, newest first. */
export function Audit() {
  const now = useNow();
  const kept = useOlderLines<AuditLine>('audit');
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
            {kept.lines.map(({ position, at, by, did, what = '', why = '' }) => (
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
        <OlderLinesEnd of={kept} nothing="还没有记录" />
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
