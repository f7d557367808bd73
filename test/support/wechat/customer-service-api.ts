import { z } from 'zod';
import { ApiError, bytesOf, type Call, readJson, requireText } from './api-call.ts';
import type { CustomerService, KfCustomer } from './customer-service.ts';
import { type MenuLine, type Picture, textPicture } from './phone.ts';
import type { World } from './world.ts';

type CustomerServiceRoute = (call: Call, accounts: readonly CustomerService[], world: World) => object;

const minuteMs = 60_000;
const textBytes = 2048;

/**
 * 95016, for a move that the table does not have, is recalled from the list of codes and not on the protocol page: a bot has to treat any
 * refusal alike.
 */
const illegalMove = 95016;

const pull = z.strictObject({
  open_kfid: z.string(),
  cursor: z.string().max(64).optional(),
  token: z.string().max(128).optional(),
  limit: z.int().min(1).max(1000).optional(),
  voice_format: z.union([z.literal(0), z.literal(1)]).optional(),
});

const file = z.strictObject({ media_id: z.string() });
const menuItem = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('click'), click: z.strictObject({ id: z.string().max(64).optional(), content: z.string() }) }),
  z.strictObject({ type: z.literal('view'), view: z.strictObject({ url: z.string(), content: z.string() }) }),
  z.strictObject({
    type: z.literal('miniprogram'),
    miniprogram: z.strictObject({ appid: z.string(), pagepath: z.string(), content: z.string() }),
  }),
  z.strictObject({ type: z.literal('text'), text: z.strictObject({ content: z.string(), no_newline: z.int().optional() }) }),
]);
const text = z.strictObject({ content: z.string() });
const msgmenu = z.strictObject({
  head_content: z.string().optional(),
  list: z.array(menuItem).min(1).max(10),
  tail_content: z.string().optional(),
});
// Omitted rather than empty: an empty msgid is refused.
const msgid = z
  .string()
  .regex(/^[0-9a-zA-Z_-]{1,32}$/)
  .optional();
const to = { touser: z.string(), open_kfid: z.string(), msgid };

const message = z.discriminatedUnion('msgtype', [
  z.strictObject({ ...to, msgtype: z.literal('text'), text }),
  z.strictObject({ ...to, msgtype: z.literal('msgmenu'), msgmenu }),
  z.strictObject({ ...to, msgtype: z.literal('image'), image: file }),
  z.strictObject({ ...to, msgtype: z.literal('voice'), voice: file }),
  z.strictObject({ ...to, msgtype: z.literal('video'), video: file }),
  z.strictObject({ ...to, msgtype: z.literal('file'), file }),
  z.strictObject({
    ...to,
    msgtype: z.literal('link'),
    link: z.strictObject({ title: z.string(), desc: z.string().optional(), url: z.string(), thumb_media_id: z.string() }),
  }),
  z.strictObject({
    ...to,
    msgtype: z.literal('miniprogram'),
    miniprogram: z.strictObject({ appid: z.string(), title: z.string().optional(), thumb_media_id: z.string(), pagepath: z.string() }),
  }),
  z.strictObject({
    ...to,
    msgtype: z.literal('location'),
    location: z.strictObject({ name: z.string().optional(), address: z.string().optional(), latitude: z.number(), longitude: z.number() }),
  }),
]);

const onEvent = z.discriminatedUnion('msgtype', [
  z.strictObject({ code: z.string(), msgid, msgtype: z.literal('text'), text }),
  z.strictObject({ code: z.string(), msgid, msgtype: z.literal('msgmenu'), msgmenu }),
]);

const session = z.strictObject({ open_kfid: z.string(), external_userid: z.string() });
const move = z.strictObject({ ...session.shape, service_state: z.int().min(0).max(4), servicer_userid: z.string().optional() });

/** All are `POST`, but `kf/servicer/list`. */
export const customerServiceRoutes: Record<string, CustomerServiceRoute> = {
  '/cgi-bin/kf/sync_msg': pullMessages,
  '/cgi-bin/kf/send_msg': sendMessage,
  '/cgi-bin/kf/send_msg_on_event': sendOnEvent,
  '/cgi-bin/kf/service_state/get': getState,
  '/cgi-bin/kf/service_state/trans': moveState,
  '/cgi-bin/kf/servicer/list': listServicers,
};

function pullMessages(call: Call, accounts: readonly CustomerService[], world: World): object {
  const { open_kfid, cursor = '', token = '', limit = 1000 } = readJson(call, pull);
  const kf = accountOf(open_kfid, accounts);
  if (!kf.isBellToken(token)) countTokenless(call, kf, world);
  const page = kf.log.page(cursor, limit);
  if (!page) throw new ApiError(40058, 'an unknown cursor');
  return page;
}

/** The calls on record that were let through without the token of a bell. */
function countTokenless({ path }: Call, kf: CustomerService, { journal, clock }: World): void {
  const passed = journal.calls(path).filter(({ at, body, errcode }) => {
    if (errcode !== 0 || clock.now() - at >= minuteMs) return false;
    const { open_kfid, token = '' } = JSON.parse(body) as z.infer<typeof pull>;
    return open_kfid === kf.openKfId && !kf.isBellToken(token);
  });
  if (passed.length >= kf.switches.pullsWithoutToken) throw new ApiError(45009);
}

function sendMessage(call: Call, accounts: readonly CustomerService[], world: World): object {
  const request = readJson(call, message);
  const kf = accountOf(request.open_kfid, accounts);
  const customer = customerOf(kf, request.touser);
  const picture = pictureOf(request, kf, world);
  if (request.msgid !== undefined && kf.sentIds.has(request.msgid)) throw new ApiError(kf.switches.repeatedMsgId, 'msgid was used before');
  const refused = customer.session.take();
  if (refused) throw new ApiError(refused);
  return { msgid: deliver(kf, customer, picture, request.msgid ?? world.dice.name(32)) };
}

function sendOnEvent(call: Call, accounts: readonly CustomerService[], world: World): object {
  const request = readJson(call, onEvent);
  const picture = pictureOf(request, undefined, world);
  const id = request.msgid ?? world.dice.name(32);
  for (const kf of accounts) {
    const customer = kf.customers.find(({ session }) => session.redeem(request.code, request.msgtype));
    if (customer) return { msgid: deliver(kf, customer, picture, id) };
  }
  throw new ApiError(40058, 'the code was used, is too old, or for something else');
}

/** Accepted; whether it is shown is another thing. */
function deliver(kf: CustomerService, customer: KfCustomer, picture: Picture, id: string): string {
  kf.sentIds.add(id);
  const fail_type = kf.failures.shift();
  if (fail_type === undefined) customer.phone.show({ ...picture, via: 'api', id });
  else kf.recordEvent({ event_type: 'msg_send_fail', external_userid: customer.id, fail_msgid: id, fail_type });
  return id;
}

type Content = z.infer<typeof message> | z.infer<typeof onEvent>;

function pictureOf(content: Content, kf: CustomerService | undefined, { media }: World): Picture {
  const fileOf = (kind: 'image' | 'voice' | 'video' | 'file', mediaId: string): Picture => {
    const found = kf && media.find(mediaId, kf.client.id);
    if (found?.kind !== kind) throw new ApiError(40007);
    return { kind, mediaId, bytes: found.bytes, title: found.name };
  };
  switch (content.msgtype) {
    case 'text':
      return textPicture(requireText(content.text.content, textBytes));
    case 'msgmenu':
      return menuPicture(content.msgmenu);
    case 'image':
      return fileOf('image', content.image.media_id);
    case 'voice':
      return fileOf('voice', content.voice.media_id);
    case 'video':
      return fileOf('video', content.video.media_id);
    case 'file':
      return fileOf('file', content.file.media_id);
    case 'link':
      if (!/^https?:\/\//.test(content.link.url) || bytesOf(content.link.url) > 2048) throw new ApiError(40058, 'a link without a scheme');
      fileOf('image', content.link.thumb_media_id);
      return { kind: 'link', title: requireText(content.link.title, 128), url: content.link.url };
    case 'miniprogram':
      fileOf('image', content.miniprogram.thumb_media_id);
      return { kind: 'mini-program', title: content.miniprogram.title ?? '' };
    case 'location':
      return { kind: 'location', title: content.location.name ?? '' };
  }
}

function menuPicture({ head_content = '', list, tail_content = '' }: z.infer<typeof msgmenu>): Picture {
  for (const words of [head_content, tail_content]) if (bytesOf(words) > 1024) throw new ApiError(45002);
  return { kind: 'menu', head: head_content, lines: list.map(menuLine), tail: tail_content };
}

function menuLine(item: z.infer<typeof menuItem>): MenuLine {
  switch (item.type) {
    case 'click':
      return { text: requireText(item.click.content, 128), id: item.click.id ?? '' };
    case 'view':
      if (!/^https?:\/\//.test(item.view.url) || bytesOf(item.view.url) > 2048) throw new ApiError(40058, 'a page without a scheme');
      return { text: requireText(item.view.content, 1024), url: item.view.url };
    case 'miniprogram':
      return { text: requireText(item.miniprogram.content, 1024) };
    case 'text':
      return { text: requireText(item.text.content, 256) };
  }
}

function getState(call: Call, accounts: readonly CustomerService[]): object {
  const { open_kfid, external_userid } = readJson(call, session);
  const { state, servicer } = customerOf(accountOf(open_kfid, accounts), external_userid).session;
  return { service_state: state, servicer_userid: servicer };
}

function moveState(call: Call, accounts: readonly CustomerService[]): object {
  const { open_kfid, external_userid, service_state, servicer_userid = '' } = readJson(call, move);
  const kf = accountOf(open_kfid, accounts);
  const { session } = customerOf(kf, external_userid);
  const state = service_state as 0 | 1 | 2 | 3 | 4;
  if (!session.canMove(state, kf.switches.directEnd)) throw new ApiError(illegalMove, `from ${session.state} to ${state}`);
  if (state === 3) {
    const agent = kf.findAgent(servicer_userid);
    if (!agent) throw new ApiError(40003, 'no such servicer');
    if (!agent.activated || !agent.onDuty) throw new ApiError(95014);
  }
  session.enter(state, state === 3 ? servicer_userid : '');
  return state >= 2 ? { msg_code: session.codeFor(state as 2 | 3 | 4) } : {};
}

function listServicers({ query }: Call, accounts: readonly CustomerService[]): object {
  const { agents } = accountOf(query.get('open_kfid') ?? '', accounts);
  // 0 receives customers, 1 does not: the other way round than in `servicer_status_change`.
  return { servicer_list: agents.map(({ id, onDuty }) => ({ userid: id, status: onDuty ? 0 : 1 })) };
}

function accountOf(openKfId: string, accounts: readonly CustomerService[]): CustomerService {
  if (!/^[0-9A-Za-z_-]{6,64}$/.test(openKfId)) throw new ApiError(95000);
  const kf = accounts.find((candidate) => candidate.openKfId === openKfId);
  if (!kf) throw new ApiError(95004);
  return kf;
}

function customerOf(kf: CustomerService, id: string): KfCustomer {
  const customer = kf.findCustomer(id);
  if (!customer) throw new ApiError(40096);
  return customer;
}
