import { relative } from 'node:path';
import { chinaDay } from '../../dialogs/china-day.ts';
import { formatFault } from '../../knowledge/fault.ts';
import { loadCalibration } from '../../knowledge/knowledge.ts';
import { lintKnowledge } from '../../knowledge/lint.ts';
import { FaqIndex } from '../../knowledge/matching/faq-index.ts';
import { readKnowledge } from '../../knowledge/read-knowledge.ts';
import { loadSegment } from '../../knowledge/text/segment.ts';
import { knowledgeFiles } from '../paths.ts';

/** `npm run check:knowledge`: every fault of the knowledge base with file, line, entry and remedy; ends with 1 when there is one. */
const reading = readKnowledge(knowledgeFiles);
const segment = loadSegment(knowledgeFiles);
const calibration = loadCalibration(knowledgeFiles.calibration);
const across =
  reading.faults.length > 0
    ? []
    : lintKnowledge(reading, (content) => FaqIndex.of(content, segment, calibration, knowledgeFiles), chinaDay(Date.now()));
const faults = [...reading.faults, ...across];
for (const fault of faults) console.error(formatFault({ ...fault, file: relative(process.cwd(), fault.file) }));
const phrasings = reading.entries.reduce((sum, entry) => sum + entry.phrasings.length, 0);
console.log(`${reading.entries.length} entries, ${phrasings} phrasings, ${faults.length} fault(s)`);
if (faults.length > 0) process.exitCode = 1;
