import { z } from 'zod';
import { ApiError, bytesOf, type Call, readJson, requireText } from './api-call.ts';
import type { Member } from './member.ts';
import { type Picture, textPicture } from './phone.ts';
import type { WecomApp } from './wecom.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
const hourMs = 3600_000;
const perMinute = 30;
const perHour = 1000;
const textBytes = 2048;
const defaultDuplicateSeconds = 1800;

const flag = z.union([z.literal(0), z.literal(1)]).optional();
const envelope = {
  touser: z.string(),
  agentid: z.int(),
  safe: flag,
  enable_id_trans: flag,
  enable_duplicate_check: flag,
  duplicate_check_interval: z.int().min(1).max(14_400).optional(),
};
const file = z.strictObject({ media_id: z.string() });
const article = z.strictObject({ title: z.string(), description: z.string().optional(), url: z.string(), picurl: z.string().optional() });
const button = z.strictObject({ text: z.string(), key: z.string(), style: z.int().optional() });
const card = z.strictObject({
  card_type: z.enum(['button_interaction', 'text_notice']),
  main_title: z.strictObject({ title: z.string(), desc: z.string().optional() }),
  sub_title_text: z.string().optional(),
  horizontal_content_list: z
    .array(z.looseObject({ keyname: z.string(), value: z.string().optional() }))
    .max(6)
    .optional(),
  jump_list: z
    .array(z.strictObject({ type: z.literal(1), title: z.string(), url: z.string() }))
    .max(3)
    .optional(),
  card_action: z.strictObject({ type: z.literal(1), url: z.string() }).optional(),
  task_id: z
    .string()
    .regex(/^[0-9A-Za-z_@-]{1,128}$/)
    .optional(),
  button_list: z.array(button).min(1).max(6).optional(),
});

const message = z.discriminatedUnion('msgtype', [
  z.strictObject({ ...envelope, msgtype: z.literal('text'), text: z.strictObject({ content: z.string() }) }),
  z.strictObject({ ...envelope, msgtype: z.literal('markdown'), markdown: z.strictObject({ content: z.string() }) }),
  z.strictObject({ ...envelope, msgtype: z.literal('image'), image: file }),
  z.strictObject({ ...envelope, msgtype: z.literal('voice'), voice: file }),
  z.strictObject({ ...envelope, msgtype: z.literal('file'), file }),
  z.strictObject({
    ...envelope,
    msgtype: z.literal('textcard'),
    textcard: z.strictObject({ title: z.string(), description: z.string(), url: z.url(), btntxt: z.string().optional() }),
  }),
  z.strictObject({ ...envelope, msgtype: z.literal('news'), news: z.strictObject({ articles: z.array(article) }) }),
  z.strictObject({ ...envelope, msgtype: z.literal('template_card'), template_card: card }),
]);
type Message = z.infer<typeof message>;

const recall = z.strictObject({ msgid: z.string() });
const cardUpdate = z.strictObject({
  userids: z.array(z.string()).optional(),
  agentid: z.int(),
  response_code: z.string(),
  button: z.strictObject({ replace_name: z.string() }),
});

/** What one app has sent, as far as the next call depends on it. */
export class WecomSender {
  readonly #app: WecomApp;
  readonly #world: World;
  readonly #deliveries = new Map<Member, number[]>();
  readonly #recent = new Map<string, number>();
  readonly #taskIds = new Set<string>();
  readonly #responseCodes = new Map<string, string>();

  constructor(app: WecomApp, world: World) {
    this.#app = app;
    this.#world = world;
  }

  /** `POST /cgi-bin/message/send` */
  send(call: Call): object {
    const request = readJson(call, message);
    if (request.agentid !== this.#app.agentId) throw new ApiError(40056);
    const ids = request.touser.split('|');
    if (ids.length > 1000) throw new ApiError(40031);
    const found = ids.map((id) => ({ id, member: this.#app.find(id) }));
    const members = found.flatMap(({ member }) => member ?? []);
    if (members.length === 0) throw new ApiError(81013);
    const picture = this.#pictureOf(request);
    const msgid = this.#world.dice.name(40);
    const invaliduser = found.flatMap(({ id, member }) => (member ? [] : id.toLowerCase())).join('|');
    const isRepeated = this.#isRepeated(call.body.toString(), request);
    for (const member of members) this.#deliver(member, picture, msgid, isRepeated);
    const responseCode = picture.kind === 'card' && picture.responseCode;
    return { msgid, ...(invaliduser && { invaliduser }), ...(responseCode && { response_code: responseCode }) };
  }

  /** `POST /cgi-bin/message/recall` */
  recall(call: Call): object {
    const { msgid } = readJson(call, recall);
    const withdrawn = [...this.#deliveries.keys()].filter(({ phone }) => phone.withdraw(msgid));
    if (withdrawn.length === 0) throw new ApiError(40058, 'no such msgid');
    return {};
  }

  /** `POST /cgi-bin/message/update_template_card`, once for each code. */
  updateCard(call: Call): object {
    const { response_code, button } = readJson(call, cardUpdate);
    if (!this.#responseCodes.delete(response_code)) throw new ApiError(40058, 'response_code is used or unknown');
    for (const { phone } of this.#deliveries.keys()) {
      const shown = phone.items.find((item) => item.kind === 'card' && item.responseCode === response_code);
      if (shown?.kind === 'card') shown.buttons = [{ key: '', text: button.replace_name }];
    }
    return {};
  }

  #isRepeated(body: string, { enable_duplicate_check, duplicate_check_interval = defaultDuplicateSeconds }: Message): boolean {
    if (!enable_duplicate_check) return false;
    const now = this.#world.clock.now();
    const repeated = now < (this.#recent.get(body) ?? 0);
    if (!repeated) this.#recent.set(body, now + duplicate_check_interval * 1000);
    return repeated;
  }

  /** Over its limits WeCom throws away and says that all is well. */
  #deliver(member: Member, picture: Picture, msgid: string, isRepeated: boolean): void {
    const now = this.#world.clock.now();
    const times = (this.#deliveries.get(member) ?? []).filter((at) => now - at < hourMs);
    this.#deliveries.set(member, times);
    const lastMinute = times.filter((at) => now - at < minuteMs).length;
    const isTooMuch = lastMinute >= perMinute || times.length >= perHour;
    if (isRepeated || isTooMuch) {
      const why = isRepeated ? 'sent before, and the duplicate check is on' : 'more than WeCom delivers to one member';
      this.#world.journal.add({ kind: 'discarded', account: this.#app.account.name, user: member.id, why });
      return;
    }
    times.push(now);
    member.phone.show({ ...picture, via: 'api', id: msgid });
  }

  #pictureOf(request: Message): Picture {
    switch (request.msgtype) {
      case 'text':
        return textPicture(cut(requireText(request.text.content, Number.POSITIVE_INFINITY)));
      case 'markdown':
        return { kind: 'markdown', text: requireText(request.markdown.content, textBytes) };
      case 'image':
        return this.#file('image', request.image.media_id);
      case 'voice':
        return this.#file('voice', request.voice.media_id);
      case 'file':
        return this.#file('file', request.file.media_id);
      case 'textcard': {
        const { title, description, url } = request.textcard;
        return { kind: 'card', title: requireText(title, 128), description: requireText(description, 512), url, buttons: [] };
      }
      case 'news':
        return newsPicture(request.news.articles);
      case 'template_card':
        return this.#cardPicture(request.template_card);
    }
  }

  #file(kind: 'image' | 'voice' | 'file', mediaId: string): Picture {
    const media = this.#world.media.find(mediaId, this.#app.client.id);
    if (media?.kind !== kind) throw new ApiError(40007);
    return { kind, mediaId, bytes: media.bytes, title: media.name };
  }

  #cardPicture({
    card_type,
    main_title,
    sub_title_text = '',
    task_id,
    button_list = [],
    card_action,
    horizontal_content_list = [],
  }: z.infer<typeof card>): Picture {
    if (card_type === 'button_interaction' && (button_list.length === 0 || !task_id))
      throw new ApiError(40058, 'buttons and task_id are required');
    if (card_type === 'text_notice' && (button_list.length > 0 || !card_action))
      throw new ApiError(40058, 'card_action is required, buttons are not shown');
    if (task_id !== undefined && this.#taskIds.has(task_id)) throw new ApiError(40058, 'task_id was used before');
    if (button_list.some(({ key, text }) => bytesOf(key) > 1024 || text === ''))
      throw new ApiError(40058, 'a key is too long or a button says nothing');
    if (new Set(button_list.map(({ key }) => key)).size < button_list.length) throw new ApiError(40058, 'two buttons with one key');
    if (task_id !== undefined) this.#taskIds.add(task_id);
    const responseCode = this.#world.dice.name(43);
    this.#responseCodes.set(responseCode, task_id ?? '');
    const rows = horizontal_content_list.map(({ keyname, value = '' }) => `${keyname}：${value}`);
    const description = [main_title.desc, sub_title_text, ...rows].filter(Boolean).join('\n');
    const buttons = button_list.map(({ key, text }) => ({ key, text }));
    return { kind: 'card', title: main_title.title, description, buttons, responseCode, ...(task_id !== undefined && { taskId: task_id }) };
  }
}

function newsPicture(articles: z.infer<typeof article>[]): Picture {
  if (articles.length < 1 || articles.length > 8) throw new ApiError(45008);
  return {
    kind: 'news',
    articles: articles.map(({ title, description = '', url, picurl = '' }) => ({
      title: requireText(title, 128),
      description,
      url,
      picture: picurl,
    })),
  };
}

/** What is too long is cut at its bytes, without an error. */
function cut(text: string): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, textBytes));
}
