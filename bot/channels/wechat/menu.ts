import { z } from 'zod';
import type { Api } from './api.ts';

/** Limits of the page on custom menus (api_createcustommenu, read 2026-11); those of keys and addresses are recalled, and kept to. */
const most = { buttons: 3, items: 5, nameBytes: 16, itemNameBytes: 60, sayBytes: 128, openBytes: 1024 };

const bytesUpTo = (limit: number) => (text: string) => Buffer.byteLength(text) <= limit;
const named = (limit: number) =>
  z
    .string()
    .trim()
    .min(1, 'name: write what stands on the button')
    .refine(bytesUpTo(limit), `name: at most ${limit} bytes, a Chinese character has three`);
const say = z.string().trim().min(1).refine(bytesUpTo(most.sayBytes), `say: at most ${most.sayBytes} bytes`);
const open = z
  .url({ protocol: /^https$/, error: 'open: write an https address' })
  .refine(bytesUpTo(most.openBytes), `open: at most ${most.openBytes} bytes`);

const leaf = (nameBytes: number) =>
  [z.strictObject({ name: named(nameBytes), say }), z.strictObject({ name: named(nameBytes), open })] as const;
const item = z.union(leaf(most.itemNameBytes), { error: 'give a name, and either say: words, or open: an https address' });
const button = z.union(
  [
    ...leaf(most.nameBytes),
    z.strictObject({ name: named(most.nameBytes), items: z.array(item).min(1).max(most.items, `items: at most ${most.items}`) }),
  ],
  { error: 'give a name, and one of say: words, open: an https address, items: a list' },
);

/** The menu of an official account as an editor writes it. What `say` holds is taken for the words of whoever taps it. */
export const menuSchema = z.strictObject({ buttons: z.array(button).min(1).max(most.buttons, `buttons: at most ${most.buttons}`) });
export type Menu = z.infer<typeof menuSchema>;
type Item = z.infer<typeof item>;

/** The menu in the platform's form. */
export function platformMenu({ buttons }: Menu): object {
  return {
    button: buttons.map((each) => ('items' in each ? { name: each.name, sub_button: each.items.map(platformItem) } : platformItem(each))),
  };
}

/** All that taps of the menu say to the bot. */
export function wordsOfMenu({ buttons }: Menu): string[] {
  return buttons.flatMap((each) => ('items' in each ? each.items : [each])).flatMap((each) => ('say' in each ? [each.say] : []));
}

export async function applyMenu(api: Api, menu: Menu): Promise<void> {
  await api.call('/cgi-bin/menu/create', platformMenu(menu), z.unknown());
}

export async function removeMenu(api: Api): Promise<void> {
  await api.get('/cgi-bin/menu/delete', {}, z.unknown());
}

function platformItem(each: Item): object {
  return 'say' in each ? { type: 'click', name: each.name, key: each.say } : { type: 'view', name: each.name, url: each.open };
}
