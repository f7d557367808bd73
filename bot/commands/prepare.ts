import { KnowledgeLoader } from '../../knowledge/knowledge.ts';
import { knowledgeFiles } from '../paths.ts';

/** The last step of `npm run build`: reads the knowledge base once, so that the first start is as quick as every other. */
new KnowledgeLoader(knowledgeFiles).load({ keep: true });
