import type { Activity } from '../activity.ts';
import { fileScheme, type TranscriptEntry } from '../conversations/conversation.ts';
import type { Entry } from './desk-api.ts';

/** The entries of a transcript as agents see them: what says nothing to a person is left out. */
export function entriesOf(transcript: readonly TranscriptEntry[]): Entry[] {
  return transcript.flatMap(({ position, activity }) => (isShown(activity) ? [entryOf(position, activity)] : []));
}

function isShown({ type, text, attachments }: Activity): boolean {
  return type === 'message' && ((text !== undefined && text !== '') || (attachments ?? []).length > 0);
}

function entryOf(position: number, activity: Activity): Entry {
  const { text = '', from, attachments = [], suggestedActions, channelData } = activity;
  const { kind, topic, confidence, handoff, choicesAt } = channelData?.filing ?? {};
  const choices = suggestedActions?.actions.map(({ title }) => title);
  const files = attachments.flatMap(({ contentUrl, name = '', contentType, unscanned }) =>
    contentUrl?.startsWith(fileScheme)
      ? [{ file: contentUrl.slice(fileScheme.length), name, contentType, ...(unscanned && { unscanned }) }]
      : [],
  );
  return {
    position,
    at: Date.parse(activity.timestamp ?? ''),
    from: speakerOf(activity),
    name: from.name ?? '',
    // The choices are listed beside it.
    text: choices && choicesAt !== undefined ? text.slice(0, choicesAt) : text,
    ...(kind !== undefined && { kind }),
    ...(topic !== undefined && { topic }),
    ...(confidence !== undefined && { confidence }),
    ...(choices && choices.length > 0 && { choices }),
    ...(files.length > 0 && { files }),
    ...(handoff !== undefined && { handoff }),
  };
}

function speakerOf({ from, channelData }: Activity): Entry['from'] {
  if (from.role === 'user') return 'customer';
  const { kind } = channelData?.filing ?? {};
  if (kind === 'agent') return 'agent';
  return kind === 'handoff' ? 'event' : 'bot';
}

/** The files that an entry of the transcript names. */
export function namesFile(transcript: readonly TranscriptEntry[], file: string): boolean {
  return transcript.some(({ activity }) => activity.attachments?.some(({ contentUrl }) => contentUrl === `${fileScheme}${file}`) ?? false);
}
