import type { Activity, ActivityAttachment } from '../../activity.ts';
import { activityId, fileScheme, type TranscriptEntry } from '../../conversations/conversation.ts';
import { botId } from '../../turns/turns.ts';
import type { Tokens } from './tokens.ts';

/** An activity as Direct Line clients receive it. */
export interface PresentedActivity extends Activity {
  id: string;
  channelId: 'directline';
  conversation: { id: string };
}

/** Gives transcript entries the form clients see: their ids, and addresses under which stored files can be fetched for a while. */
export class Presenter {
  readonly #tokens: Tokens;
  readonly #publicUrl: () => string;

  constructor(tokens: Tokens, publicUrl: () => string) {
    this.#tokens = tokens;
    this.#publicUrl = publicUrl;
  }

  async present(conversation: string, { position, activity }: TranscriptEntry): Promise<PresentedActivity> {
    const { attachments } = activity;
    return {
      ...activity,
      id: activityId(conversation, position),
      channelId: 'directline',
      conversation: { id: conversation },
      ...(attachments && { attachments: await Promise.all(attachments.map((attachment) => this.#withAddress(conversation, attachment))) }),
    };
  }

  typing(conversation: string): PresentedActivity {
    const timestamp = new Date().toISOString();
    return {
      type: 'typing',
      id: `${conversation}|typing-${timestamp}`,
      timestamp,
      from: { id: botId, role: 'bot' },
      channelId: 'directline',
      conversation: { id: conversation },
    };
  }

  async #withAddress(conversation: string, { digest: _, unscanned: __, ...attachment }: ActivityAttachment): Promise<ActivityAttachment> {
    const { contentUrl } = attachment;
    if (!contentUrl?.startsWith(fileScheme)) return attachment;
    const file = contentUrl.slice(fileScheme.length);
    const ticket = await this.#tokens.issue('file', { conv: conversation, file });
    return { ...attachment, contentUrl: `${this.#publicUrl()}/v3/directline/conversations/${conversation}/files/${file}?t=${ticket}` };
  }
}
