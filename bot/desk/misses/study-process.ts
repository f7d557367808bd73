import { buffer } from 'node:stream/consumers';
import { formatFault, KnowledgeError } from '../../../knowledge/fault.ts';
import { type Findings, type StudiedFiles, type Study, study } from './study.ts';

/*
 * A process of its own that does one study of the knowledge base: it comes on standard input, what was found goes to standard output.
 * Loading, indexing and measuring take seconds in which nobody's message could be answered.
 */

const { files, task } = JSON.parse((await buffer(process.stdin)).toString()) as { files: StudiedFiles; task: Study };
process.stdout.write(JSON.stringify(outcomeOf()));

function outcomeOf(): { found: Findings[Study['kind']] } | { faults: string[] } {
  try {
    return { found: study(files, task) };
  } catch (error) {
    if (error instanceof KnowledgeError) return { faults: error.faults.map(formatFault) };
    throw error;
  }
}
