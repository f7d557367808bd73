import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cannotRead } from '../../../../dialogs/messages.ts';
import { eicar, ScriptedScanner } from '../../../support/scanner.ts';
import { startWeChatBench, type WeChatBench } from '../../../support/wechat-bot.ts';
import { pngHead } from '../direct-line/samples.ts';

let scanner: ScriptedScanner;
let bench: WeChatBench;
beforeAll(async () => {
  scanner = await ScriptedScanner.start();
  const environment = { CLAMAV_ADDRESS: scanner.address, CLAMAV_REQUIRED: 'true', UPLOADS: 'asked' };
  bench = await startWeChatBench({ environment });
});
beforeEach(() => {
  scanner.manner = { kind: 'honest' };
});
afterAll(async () => {
  await bench.stop();
  await scanner.stop();
});

const clean = pngHead(300, 200);
const infected = Buffer.concat([clean, Buffer.from(eicar)]);
const consented = ['我要办首次备案', '网站', '某某云', '同意'];

/** How people come in, and how they send a picture there. */
const ways = [
  ['an official account', () => bench.follower()],
  ['an app in WeCom', () => bench.member()],
  ['customer service', () => bench.customer()],
] as const;

describe.each(ways)('in %s', (_, newcomer) => {
  async function afterSaying(...said: string[]) {
    const someone = newcomer();
    for (const words of said) {
      const shown = someone.phone.items.length;
      await someone.says(words);
      await someone.phone.sees(/./, { from: shown });
    }
    return someone;
  }

  it('a picture that nobody asked for is not fetched, and the bot says what to do', async () => {
    const someone = await afterSaying('备案要多久');
    const shown = someone.phone.items.length;
    const fetched = mediaFetched();
    await someone.sendsPicture(clean, 'image/png');
    await someone.phone.sees(cannotRead('unasked'), { from: shown });
    expect(mediaFetched()).toBe(fetched);
  });

  it('a picture for the form is scanned and taken', async () => {
    const someone = await afterSaying(...consented);
    const shown = someone.phone.items.length;
    await someone.sendsPicture(clean, 'image/png');
    await someone.phone.sees(/收到/, { from: shown });
    expect(scanner.files.at(-1)?.equals(clean)).toBe(true);
  });

  it('an infected one is not taken, and the form goes on', async () => {
    const someone = await afterSaying(...consented);
    const shown = someone.phone.items.length;
    await someone.sendsPicture(infected, 'image/png');
    await someone.phone.sees(cannotRead('infected'), { from: shown });
  });

  it('none is taken while the scanner is away, and the bot says what to do', async () => {
    const someone = await afterSaying(...consented);
    scanner.manner = { kind: 'hangs-up', at: 'end' };
    const shown = someone.phone.items.length;
    await someone.sendsPicture(clean, 'image/png');
    await someone.phone.sees(cannotRead('unscanned'), { from: shown });
  });
});

function mediaFetched(): number {
  return bench.wx.journal.entries.filter((entry) => entry.kind === 'call' && entry.path === '/cgi-bin/media/get').length;
}
