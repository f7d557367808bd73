import { describe, expect, it } from 'vitest';
import { readSmallTalk } from '../../dialogs/small-talk.ts';

describe('acknowledgements', () => {
  it.each([
    '收到👌',
    '好的👌',
    'OK👌',
    'ok的',
    '嗯嗯👍',
    '好的呢',
    '好嘞',
    '好的收到',
    '收到收到',
    '行行行',
    '好的[OK]',
    '收到/:ok',
    '嗯，知道了',
    '好的，明白了哈',
    '懂了懂了',
    '好的老师',
  ])('%s is no question', (said) => {
    expect(readSmallTalk(said)).toBe('fine');
  });

  it.each(['谢谢啦🙏', '谢谢亲', '收到，谢谢', '明白了，谢谢老师', '好的好的，辛苦了', 'ok，thank you'])('%s is thanks', (said) => {
    expect(readSmallTalk(said)).toBe('thanks');
  });

  it.each([
    '收不到',
    '收到退回通知',
    '好的，要多久',
    '可以吗',
    '行不行',
    '是不是',
    '好了没',
    '明白了，那材料呢',
    '对公',
    '谢谢，怎么收费',
    '你们好了吗',
  ])('%s is more than that', (said) => {
    expect(readSmallTalk(said)).toBeUndefined();
  });

  it('comes to an end on a long row of laughter', () => {
    expect(readSmallTalk(`${'哈'.repeat(4000)}备案`)).toBeUndefined();
  });
});
