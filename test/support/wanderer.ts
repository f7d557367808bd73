import assert from 'node:assert/strict';
import { fields } from '../../dialogs/intake/fields.ts';
import * as wording from '../../dialogs/intake/wording.ts';
import type { Reply } from '../../dialogs/reply.ts';
import { type FieldKey, fieldKeys, type Values } from '../../knowledge/filing/form.ts';
import { answerTo, wordsFor } from './applicant.ts';
import { Customer } from './customer.ts';
import { randomFrom } from './random.ts';

const mostMoves = 14;

const wishes = [
  '帮我办首次备案',
  '我们公司要新增一个网站备案',
  '新增接入',
  '公司换法人了要改备案',
  '注销主体',
  '注销网站',
  '取消接入',
  '办ICP证',
  '帮我备案',
];
const idNumbers = ['11010519491231002X', '810000199408230021', '830000199201300022'];
const rubbish = [
  '？？？',
  '啊啊啊啊',
  '12',
  '1380013800',
  'a@b',
  '😀',
  '<script>',
  '0',
  '110105194912310021',
  'x'.repeat(400),
  '不知道',
  '随便',
];
const asides = ['备案审核要多长时间', '谢谢', '你好', '要钱吗？', '今天天气怎么样？', '备案密码忘了怎么办'];
const commands = [
  '上一步',
  '跳过',
  '还差什么',
  '为什么',
  '例子',
  '继续',
  '汇总',
  '提交',
  '稍后再填',
  '取消',
  '重新开始',
  '改手机号',
  '改名称',
  '改省份',
];
const values = [
  '13900139000',
  '17012345678',
  'test@gmial.com',
  'boss@example.com',
  '91350100M000100Y43',
  '晴川（福建）科技有限公司',
  ...idNumbers,
];
const paragraphs = [
  '联系手机：13900139000，邮箱：boss@example.com',
  '公司名称：晴川（福建）科技有限公司 统一社会信用代码：91350100M000100Y43',
];

/** A customer who says anything at all, the same for the same seed; what the form does is checked after every turn, and a fault is thrown. */
export class Wanderer {
  readonly customer = new Customer();
  /** What was said, for whoever has to find out why it went wrong. */
  readonly log: string[] = [];
  readonly #random: () => number;
  #last: Reply | undefined;
  #before: Values = {};
  /** Who has given what is needed already gets it again only when this may be. */
  #mayAskFilled = false;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  wander(): void {
    this.#say(this.#one(wishes));
    for (let move = Math.floor(this.#random() * mostMoves); move > 0; move -= 1) this.#say(this.#nextWords());
  }

  /** The whole way to a case; what does not come to one is thrown, with the end of what was said. */
  walk(): void {
    try {
      this.wander();
      assert.equal(this.finish()?.kind, 'opened', 'does not come to a case');
    } catch (cause) {
      throw new Error(`${String(cause)}\n${this.log.slice(-24).join('\n')}`, { cause });
    }
  }

  /** Answers what is asked until the case is open; a form that was given up is begun anew. */
  finish(): Reply | undefined {
    for (let turn = 0; turn < 200; turn += 1) {
      if (this.#last?.kind === 'opened') return this.#last;
      this.#say(this.#obligingWords());
    }
    return this.#last;
  }

  #obligingWords(): string {
    const { form } = this.customer.session;
    if (!form) return '帮我办首次备案';
    if (form.paused || this.#last?.kind === 'suggest') return '继续';
    if (form.pending && form.pending.kind !== 'consent') return this.#last?.choices.at(-1)?.label ?? '不';
    if (this.#last?.kind === 'ask' && !this.#last.field) return this.#last.choices[0]?.label ?? '继续';
    if (this.#last?.kind === 'refuse') return otherWordsFor(this.#last.field, form.values);
    if (!this.#last || !['ask', 'consent', 'summary'].includes(this.#last.kind)) return '继续';
    if (this.#last.kind === 'summary' && !this.#last.choices.some(({ label }) => label.includes('提交'))) return '继续';
    return answerTo(this.#last, this.customer, {});
  }

  #nextWords(): string {
    const at = this.#random();
    const choices = this.#last?.choices ?? [];
    if (at < 0.45) return this.#obligingWords();
    if (at < 0.55 && choices.length > 0)
      return this.#random() < 0.5 ? this.#one(choices).label : String(1 + Math.floor(this.#random() * choices.length));
    if (at < 0.65) return this.#one(rubbish);
    if (at < 0.73) return this.#one(asides);
    if (at < 0.88) return this.#one(commands);
    if (at < 0.92) return this.#one(paragraphs);
    return this.#one(values);
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  #say(words: string): void {
    const before = this.customer.session.form;
    this.#before = before?.values ?? {};
    this.#mayAskFilled =
      /改|换|上一步|继续|错|名称|省份/.test(words) || before?.pending !== undefined || before?.asked === undefined || this.#isChanging();
    const replies = this.customer.says(words);
    this.#last = replies.at(-1);
    this.log.push(`> ${words}`, ...replies.map(({ kind, text }) => `${kind}: ${text.slice(0, 60).replaceAll('\n', ' ')}`));
    this.#check(words, replies, before?.draft);
  }

  #isChanging(): boolean {
    const { form } = this.customer.session;
    return form?.asked !== undefined && form.values[form.asked] !== undefined;
  }

  #check(words: string, replies: readonly Reply[], draft: string | undefined): void {
    const { session } = this.customer;
    const said = replies.map((reply) => reply.text).join('\n');
    for (const number of idNumbers) assert(!said.includes(number), `shows a certificate number after ${words}`);
    assert(replies.length > 0, `says nothing to ${words}`);
    const { form } = session;
    if (form && form.draft === draft) {
      const restarted = said.includes(wording.restarted);
      for (const key of fieldKeys) {
        const lost = this.#before[key] !== undefined && form.values[key] === undefined;
        assert(!lost || restarted || said.includes(fields[key].label), `${key} lost after ${words}`);
      }
      this.#checkAsked(words, form.values);
    }
  }

  #checkAsked(words: string, values: Values): void {
    const asked: FieldKey | undefined = this.#last?.kind === 'ask' ? this.#last.field : undefined;
    if (asked === undefined || this.#mayAskFilled) return;
    assert(values[asked] === undefined, `${asked} asked again after ${words}`);
  }
}

/** After a refusal: of certificate numbers one that nobody has yet, since two people cannot share one. */
function otherWordsFor(key: FieldKey, values: Values): string {
  const taken = Object.values(values);
  const free = key.endsWith('.idNumber') ? idNumbers.find((number) => !taken.includes(number)) : undefined;
  return free ?? wordsFor(key, {}, values);
}
