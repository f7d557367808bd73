import { createHash } from 'node:crypto';
import { photoAdvice, wordSource } from '../dialogs/intake/review-wording.ts';
import { filingTypeLabels } from '../dialogs/intake/wording.ts';
import { provinceOf } from '../knowledge/entities/province.ts';
import { type ChecklistProblem, readChecklistQuery } from '../knowledge/filing/checklist-path.ts';
import { documentsIn, type RequiredDocument } from '../knowledge/filing/documents.ts';
import { changeItems, filerKinds, licenseTasks, preApprovalSectors, serviceKinds } from '../knowledge/filing/kinds.ts';
import type { Situation } from '../knowledge/filing/situation.ts';
import { badArgument } from './http/http-error.ts';
import type { Route } from './http/web-server.ts';

/** The printable list of documents for one kind of case. It is made of the codes in its address alone: nobody's data are in it. */
export function checklistRoutes(agencyName: string): Route[] {
  return [
    {
      method: 'get',
      path: '/checklist',
      handle: async (request, response) => {
        const query = readChecklistQuery(new URL(request.url ?? '/', 'http://localhost').searchParams);
        if (!query.ok) throw badArgument(explain(query.problem));
        const body = Buffer.from(page(query.value, agencyName));
        response.writeHead(200, {
          'Content-Type': 'text/html; charset=utf-8',
          'Content-Length': body.length,
          'Content-Security-Policy': policy,
          // Public and the same for everybody, as long as the rules are.
          'Cache-Control': 'no-cache',
        });
        response.end(body);
      },
    },
  ];
}

function explain({ code, parameter }: ChecklistProblem): string {
  switch (code) {
    case 'parameter-unknown':
      // What was typed is not repeated.
      return 'There is a parameter that no list has.';
    case 'parameter-twice':
      return `${parameter}: give it once.`;
    case 'code-unknown':
      return `${parameter}: there is no such code.`;
  }
}

const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.25rem 1rem 2rem; color: #12282d; background: #fff;
  font: 1rem/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; line-break: strict; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.35; margin: 0 0 .25rem; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 .25rem; }
p { margin: .25rem 0; }
ul { list-style: none; margin: 0; padding: 0; }
li { display: grid; grid-template-columns: 1.5rem 1fr; column-gap: .5rem; padding: .625rem 0; border-bottom: 1px solid #d8e5e3; break-inside: avoid; }
input { width: 1.125rem; height: 1.125rem; margin: .3rem 0 0; accent-color: #0e5b62; }
label { font-weight: 600; }
.about, .source, footer { color: #465d64; font-size: .875rem; }
footer { margin-top: 1.5rem; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.5; }
  h1 { font-size: 16pt; } h2 { font-size: 12pt; break-after: avoid; }
  li { padding: 1.5mm 0; }
  input { appearance: none; -webkit-appearance: none; width: 3.6mm; height: 3.6mm; margin-top: .8mm; border: .3mm solid #000; }
  .about, .source, footer { font-size: 8.5pt; color: #333; }
}
`;

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function page(situation: Situation, agencyName: string): string {
  const documents = documentsIn(situation);
  const title = `${filingTypeLabels[situation.type]}材料清单`;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="about">${escaped(describe(situation))}</p>
${sections(documents)}
</main>
<footer>
<p>${escaped(photoAdvice)}</p>
<p>各地要求会调整，以当地通信管理局和接入商的当前要求为准。每项后面是资料来源和日期。</p>
<p>${escaped(agencyName)}</p>
</footer>
</body>
</html>
`;
}

function sections(documents: readonly RequiredDocument[]): string {
  if (documents.length === 0) return '<p>这项业务一般不用准备材料，我们核对后会联系您。</p>';
  const sure = documents.filter(({ certain }) => certain);
  const maybe = documents.filter(({ certain }) => !certain);
  return [section('要准备的材料', sure, 'sure'), section('看情况可能还要（请先向我们确认）', maybe, 'maybe')].join('\n');
}

function section(title: string, documents: readonly RequiredDocument[], prefix: string): string {
  if (documents.length === 0) return '';
  const items = documents.map((each, at) => item(each, `${prefix}-${at + 1}`));
  return `<h2>${escaped(title)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}

function item({ title, signedBy, when, note, source }: RequiredDocument, id: string): string {
  const about = [when && `什么时候要：${when}`, signedBy && `签署：${signedBy}`].filter(Boolean).join('；');
  return [
    `<li><input type="checkbox" id="${id}"><div><label for="${id}">${escaped(title)}</label>`,
    about ? `<p>${escaped(about)}</p>` : '',
    note ? `<p>${escaped(note)}</p>` : '',
    `<p class="source">来源：${escaped(wordSource(source))}</p></div></li>`,
  ].join('');
}

/** For whom the list is, in a line: 企业 · 广东 · 网站 · 前置审批：新闻. */
function describe({ filer, province, service, sectors, changes, leader, serviceLeader, task }: Situation): string {
  return [
    filer && filerKinds[filer].label,
    province && provinceOf(province).shortName,
    service && serviceKinds[service],
    task && licenseTasks[task],
    changes.length > 0 && `变更：${changes.map((item) => changeItems[item]).join('、')}`,
    sectors.length > 0 && `前置审批：${sectors.map((sector) => preApprovalSectors[sector].label).join('、')}`,
    leader === 'other' && '主体负责人不是法定代表人',
    serviceLeader === 'other' && '服务负责人另有其人',
  ]
    .filter(Boolean)
    .join(' · ');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
