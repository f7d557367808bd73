import { describe, expect, it } from 'vitest';
import { mostBytesOfConversation, type Take, UploadAllowance } from '../../../bot/documents/upload-allowance.ts';

/** A conversation with these files; those without a size are erased. */
const allowanceOf = (...sizes: (number | undefined)[]) =>
  new UploadAllowance({ filesOf: async () => sizes.map((_, at) => String(at)) }, { sizeOf: async (name) => sizes[Number(name)] });

const refused = expect.objectContaining({ why: 'too-much' });

/** An upload that goes on until it is told to end. */
function begun(allowance: UploadAllowance, conversation = 'A') {
  let end = () => {};
  let fail = (_: Error) => {};
  let begin = (_: Take) => {};
  const take = new Promise<Take>((resolve) => {
    begin = resolve;
  });
  const done = allowance.within(conversation, (given) => {
    begin(given);
    return new Promise<void>((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
  });
  return { take, done, end: () => end(), fail: (error: Error) => fail(error) };
}

const takes = (allowance: UploadAllowance, bytes: number, conversation = 'A') =>
  allowance.within(conversation, async (take) => take(bytes));

describe('a conversation may still send', () => {
  it('what is left beside the files that it has, and not those that are erased', async () => {
    const allowance = allowanceOf(mostBytesOfConversation - 10, undefined);
    await takes(allowance, 10);
    await expect(takes(allowance, 11)).rejects.toEqual(refused);
    await takes(allowance, 10);
  });

  it('no more by beginning many uploads and ending them one by one', async () => {
    const allowance = allowanceOf(0);
    const slow = begun(allowance);
    const take = await slow.take;
    await takes(allowance, mostBytesOfConversation);
    expect(() => take(1)).toThrow(refused);
    expect(await takes(allowance, mostBytesOfConversation, 'B').then(() => 'taken')).toBe('taken');
    slow.end();
    await slow.done;
  });

  it('again what came of an upload that failed', async () => {
    const allowance = allowanceOf(0);
    const [slow, failing] = [begun(allowance), begun(allowance)];
    (await failing.take)(mostBytesOfConversation);
    const take = await slow.take;
    expect(() => take(1)).toThrow(refused);
    failing.fail(new Error('the client is gone'));
    await expect(failing.done).rejects.toThrow('the client is gone');
    await takes(allowance, mostBytesOfConversation - 1);
    slow.end();
    await slow.done;
  });
});
