import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gist, withoutFraming } from '../../../knowledge/text/framing.ts';

describe('what stands around a question', () => {
  it.each([
    ['您好，请问备案要多久', '备案要多久'],
    ['你好 在吗 我想咨询一下备案要多久，谢谢', '备案要多久'],
    ['请教下老师，域名冲突怎么办！！急急急', '域名冲突怎么办'],
    ['域名冲突怎么办，在线等，急', '域名冲突怎么办'],
  ])('%s: %s', (text, core) => {
    expect(withoutFraming(text)).toBe(core);
  });

  it.each(['你好', '谢谢', '在吗？', '急急急', ''])('%s alone stays as it is', (text) => {
    expect(withoutFraming(text)).toBe(text);
  });

  it('never takes everything away, nor adds anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('你', '好', '请', '问', '备', '案', '，', '谢', '?', ' ') }), (text) => {
        const core = withoutFraming(text);
        expect(text).toContain(core);
        if (/[\p{L}\p{N}]/u.test(text)) expect(core).toMatch(/[\p{L}\p{N}]/u);
      }),
    );
  });

  it('and final particles make no other sentence of it', () => {
    expect(gist('您好，备案要多久呀？')).toBe(gist('备案要多久'));
    expect(gist('啊呢吧')).not.toBe('');
  });
});
