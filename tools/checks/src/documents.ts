import { GrpcStatus, problems } from '@facet/errors';
import { docCommentViolations, errorPageViolations, errorTableViolations, linkViolations, projectViolations } from './document-rules.js';
import { report } from './sources.js';

const root = process.cwd();
const grpcNames = Object.fromEntries(Object.entries(GrpcStatus).map(([name, status]) => [status, name]));
const errorLines = Object.entries(problems).map(([code, problem]) => ({ code, ...problem, grpc: grpcNames[problem.grpc] ?? '' }));
report('documents', [
  ...errorPageViolations(root, Object.keys(problems)),
  ...errorTableViolations(root, errorLines),
  ...projectViolations(root),
  ...linkViolations(root),
  ...docCommentViolations(root),
]);
