import { describe, expect, it } from 'vitest';
import { markdownText, plainText } from '../../../../../bot/channels/wechat/rendering/markdown-text.ts';

const address = 'https://beian.miit.gov.cn/';

describe('Markdown as plain lines', () => {
  it.each([
    ['**结论。** 网站可以开通。', '结论。网站可以开通。', 'bold is its words'],
    ['- 一\n- **二**\n  接着', '• 一\n• 二\n接着', 'points'],
    ['3. 三\n4. 四', '3. 三\n4. 四', 'numbers go on as they begin'],
    ['1. 一\n1. 二', '1. 一\n2. 二', 'and count'],
    ['一\n二\n\n\n\n三', '一\n二\n\n三', 'paragraphs'],
    ['110***********002X，138****8000，张**。', '110***********002X，138****8000，张**。', 'covered numbers stay covered'],
    ['一\u0000二\u001d三\ud83d四\r\n五', '一二三四\n五', 'what no client can show goes'],
    ['[清单](/checklist?type=initial)', '清单', 'a path of our pages means nothing here'],
    ['[点](javascript:alert(1))', '点', 'no programs'],
    ['电话[12381](tel:12381)', '电话12381', 'a number to call is said once'],
    ['[打电话](tel:12381)，或写信', '打电话：12381 ，或写信', 'or behind its words'],
    ['', '', 'nothing'],
  ])('%j (%#)', (source, expected) => {
    expect([markdownText(source, 'anchor'), markdownText(source, 'bare')]).toEqual([expected, expected]);
  });

  it.each([
    [`到[系统](${address})查`, `到<a href="${address}">系统</a>查`, `到系统：${address} 查`],
    [`到**[系统](${address})**。`, `到<a href="${address}">系统</a>。`, `到系统：${address} 。`],
    [`[${address}](${address})`, `<a href="${address}">${address}</a>`, address],
    [
      '[一](https://a.cn/)[二](https://b.cn/)',
      '<a href="https://a.cn/">一</a><a href="https://b.cn/">二</a>',
      '一：https://a.cn/ 二：https://b.cn/',
    ],
    ['[<b>"](https://a.cn/?q="<x>)', '<a href="https://a.cn/?q=%22%3Cx%3E">＜b＞"</a>', '<b>"：https://a.cn/?q="<x>'],
  ])('shows the links of %j as the client opens them', (source, anchor, bare) => {
    expect([markdownText(source, 'anchor'), markdownText(source, 'bare')]).toEqual([anchor, bare]);
  });

  it.each([
    ['<a href="https://evil.example/">领奖</a>', '＜a href="https://evil.example/">领奖＜/a>'],
    ['< A href=x>', '＜ A href=x>'],
    ['<\u0001a href=x>', '＜a href=x>'],
    ['<**a href=x**>', '＜a href=x>'],
    ['1 < 2 <b>粗</b>', '1 < 2 <b>粗</b>'],
  ])('makes no link of %j, which somebody typed', (source, harmless) => {
    expect(markdownText(source, 'anchor')).toBe(harmless);
  });
});

describe('words that are no Markdown', () => {
  it('stay as they were typed, stars, points and all', () => {
    const said = '**注意**\n- 张**\n# 1\n[表](https://a.cn/)\n> 好 ]]> &amp;';
    expect([plainText(said, 'anchor'), plainText(said, 'bare')]).toEqual([said, said]);
  });

  it('become no link of their own where clients know links', () => {
    expect(plainText('看<a href="x">这里</a>', 'anchor')).toBe('看＜a href="x">这里＜/a>');
    expect(plainText('看<a href="x">这里</a>', 'bare')).toBe('看<a href="x">这里</a>');
  });

  it('have gaps of two lines at most', () => {
    expect(plainText('\n一\n \n\n\n\n二\n', 'bare')).toBe('一\n\n\n二');
  });
});
