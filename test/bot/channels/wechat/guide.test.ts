import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { advice } from '../../../../bot/channels/wechat/advice.ts';
import { errorCodes, type Family } from '../../../../bot/channels/wechat/error-codes.ts';
import { weChatVariables } from '../../../../bot/channels/wechat/settings.ts';
import { projectRoot } from '../../../../bot/paths.ts';

const guide = readFileSync(join(projectRoot, 'bot', 'channels', 'wechat', 'README.md'), 'utf8');
const rows = guide
  .split('\n')
  .filter((line) => /^\| .*(?:\d{5}|-1)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe("the operator's guide", () => {
  it.each(Object.keys(weChatVariables))('says where %s is found', (name) => {
    expect(guide).toContain(`\`${name}\``);
  });

  it.each(
    (['official-account', 'work'] as const).flatMap((family) =>
      Object.values(errorCodes[family]).map((codes) => [family, codes] as [Family, readonly number[]]),
    ),
  )('has the numbers of a kind in one row: %s %j', (family, codes) => {
    const column = family === 'official-account' ? 1 : 2;
    expect(rows.map((cells) => cells[column])).toContain(codes.join(' '));
  });

  it('is short where it says what to do', () => {
    for (const family of ['official-account', 'work'] as const)
      for (const code of Object.values(errorCodes[family]).flat()) expect(advice(family, code)).toMatch(/^[A-Z].*\.$/s);
  });
});
