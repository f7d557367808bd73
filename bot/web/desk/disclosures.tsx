import type { DisclosureLine } from '../../desk/desk-api.ts';
import { useNow } from './context.ts';
import { OlderLinesEnd, useOlderLines } from './older-lines.tsx';
import { caseAddress } from './route.ts';
import { WideTable } from './wide-table.tsx';
import { consentText, dayAndClock, oneLine, plain } from './words.ts';

/** What of which case was handed to whom outside, newest first. */
export function Disclosures() {
  const kept = useOlderLines<DisclosureLine>('disclosures');
  return (
    <main class="page">
      <header>
        <h2>
          交付台账 <span class="quiet">交给接入商的备案资料，记录至少保存三年</span>
        </h2>
      </header>
      <WideTable name="交付台账表">
        <table>
          <thead>
            <tr>
              <th>时间</th>
              <th>经手人</th>
              <th>受理单</th>
              <th>接收方</th>
              <th>用途</th>
              <th>内容</th>
              <th>客户的同意</th>
            </tr>
          </thead>
          <tbody>
            {kept.lines.map((line) => (
              <Line key={line.position} line={line} />
            ))}
          </tbody>
        </table>
        <OlderLinesEnd of={kept} nothing="还没有交出过资料" />
      </WideTable>
    </main>
  );
}

function Line({ line: { at, by, caseNumber, recipient, purpose, fields, documents, consents } }: { line: DisclosureLine }) {
  const now = useNow();
  return (
    <tr>
      <td class="time">{dayAndClock(at, now)}</td>
      <td>
        <bdi>{oneLine(by)}</bdi>
      </td>
      <td class="whole">
        <a href={caseAddress(caseNumber)}>{caseNumber}</a>
      </td>
      <td dir="auto">{plain(recipient)}</td>
      <td dir="auto">{plain(purpose)}</td>
      <td>
        <details>
          <summary>
            {fields.length}项，{documents.length}份材料
          </summary>
          <p class="quiet">{[...fields, ...documents].map(plain).join('、')}</p>
        </details>
      </td>
      <td>
        {consents.length === 0 && '没有记录'}
        {consents.map((consent) => (
          <p key={consent.purpose}>{consentText(consent, now)}</p>
        ))}
      </td>
    </tr>
  );
}
