import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { ComponentChildren, VNode } from 'preact';
import { describe, expect, it, vi } from 'vitest';
import { Markdown } from '../../../bot/web/shared/markdown.tsx';
import * as messages from '../../../dialogs/messages.ts';
import { realKnowledge } from '../../support/knowledge.ts';

describe('what the widget makes of Markdown', () => {
  it.each([
    ['**结论。** 网站可以开通。', '<p><strong>结论。</strong>网站可以开通。</p>', 'no gap after bold before Chinese'],
    ['请看 **重点**。', '<p>请看<strong>重点</strong>。</p>', 'nor before it'],
    ['**ICP** license', '<p><strong>ICP</strong> license</p>', 'English keeps its spaces'],
    ['**结论：**网站', '<p><strong>结论：</strong>网站</p>', 'bold may touch Chinese on both sides'],
    ['2 * 3 * 4，**没有完', '<p>2 * 3 * 4，**没有完</p>', 'what is no pair stays'],
    ['证件号：110***********002X。**请发**', '<p>证件号：110***********002X。<strong>请发</strong></p>', 'covered numbers are no marks'],
    ['138****8000、z***@example.com、138****8000', '<p>138****8000、z***@example.com、138****8000</p>', 'nor are these'],
    ['张**。李**，**请发**', '<p>张**。李**，<strong>请发</strong></p>', 'nor are covered names'],
    ['是 **138****8000** 吗', '<p>是<strong>138****8000</strong>吗</p>', 'which may stand in bold text'],
    ['见 **《办法》** 第8条', '<p>见<strong>《办法》</strong>第8条</p>', 'an opening mark begins bold text'],
    ['见 **[系统](https://a.cn/)**', '<p>见<strong><a href=https://a.cn/>系统</a></strong></p>', 'so does a link'],
    ['编号 BA-20261127-5104269。', '<p>编号 <span>BA-20261127-5104269</span>。</p>', 'a case number stays whole'],
    ['一\n二', '<p>一<br></br>二</p>', 'a new line is one'],
    ['1. 一\n2. 二', '<ol start=1><li>一</li><li>二</li></ol>', 'a list'],
    ['- 一\n- **二**', '<ul><li>一</li><li><strong>二</strong></li></ul>', 'a list with points'],
    ['8. 八', '<ol start=8><li>八</li></ol>', 'a list that goes on'],
    ['见[系统](https://beian.miit.gov.cn/)。', '<p>见<a href=https://beian.miit.gov.cn/>系统</a>。</p>', 'a link'],
    ['[法](https://a.cn/x_(2))', '<p><a href=https://a.cn/x_(2)>法</a></p>', 'brackets in an address'],
    ['**[系统](https://a.cn/)**', '<p><strong><a href=https://a.cn/>系统</a></strong></p>', 'a bold link'],
    ['[点](javascript:alert(1))', '<p>点</p>', 'no programs'],
    ['[点](http://a.cn/)', '<p>点</p>', 'no unprotected pages'],
    ['<b>粗</b>', '<p><b>粗</b></p>', 'HTML is text, which the page then shows as such'],
    ['', '', 'nothing'],
  ])('%s (%#)', (source, expected) => {
    expect(html(Markdown({ source }))).toBe(expected);
  });

  it.each([
    ['/checklist?type=initial', true],
    ['http://bot.test/checklist', true],
    ['http://other.test/checklist', false],
    ['//other.test/checklist', false],
    ['/\\other.test/checklist', false],
    ['checklist', false],
    ['blob:http://bot.test/5', false],
    ['http://', false],
  ])('of pages without protection only our own become links: %s', (address, isLink) => {
    vi.stubGlobal('location', new URL('http://bot.test/widget'));
    expect(html(Markdown({ source: `[清单](${address})` }))).toBe(isLink ? `<p><a href=${address}>清单</a></p>` : '<p>清单</p>');
    vi.unstubAllGlobals();
  });

  it('is what CommonMark makes of every answer, apart from the gaps', () => {
    const sources = [...realKnowledge().entries.flatMap((entry) => [entry.answer.trim(), messages.provenance(entry)]), messages.help()];
    for (const source of sources)
      expect(ungapped(html(Markdown({ source })))).toBe(ungapped(fromMarkdown(source).children.map(common).join('')));
  });
});

const ungapped = (text: string) => text.replaceAll(' ', '');

function html(children: ComponentChildren): string {
  if (children === null || children === undefined || typeof children === 'boolean') return '';
  if (Array.isArray(children)) return children.map(html).join('');
  if (typeof children !== 'object') return String(children);
  const { type, props } = children as VNode<{ href?: string; start?: number }>;
  if (typeof type !== 'string') return html(props.children);
  const attributes = [props.href && ` href=${props.href}`, props.start && ` start=${props.start}`].filter(Boolean).join('');
  return `<${type}${attributes}>${html(props.children)}</${type}>`;
}

function common(node: Nodes): string {
  const inner = 'children' in node ? (node.children as Nodes[]).map(common).join('') : '';
  switch (node.type) {
    case 'text':
      return node.value;
    case 'paragraph':
      return `<p>${inner}</p>`;
    case 'strong':
      return `<strong>${inner}</strong>`;
    case 'link':
      return `<a href=${node.url}>${inner}</a>`;
    case 'list':
      return node.ordered ? `<ol start=${node.start}>${inner}</ol>` : `<ul>${inner}</ul>`;
    case 'listItem':
      return `<li>${inner.replace(/^<p>|<\/p>$/g, '')}</li>`;
    default:
      throw new Error(`Answers use ${node.type}, which the widget would show as it is written.`);
  }
}
