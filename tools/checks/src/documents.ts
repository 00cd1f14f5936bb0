import { problems } from '@facet/errors';
import { docCommentViolations, errorPageViolations, linkViolations, projectViolations } from './document-rules.js';
import { report } from './sources.js';

const root = process.cwd();
report('documents', [
  ...errorPageViolations(root, Object.keys(problems)),
  ...projectViolations(root),
  ...linkViolations(root),
  ...docCommentViolations(root),
]);
