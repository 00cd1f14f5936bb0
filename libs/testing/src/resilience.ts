export { compareAnswers, type Differences } from './resilience/compare-answers.js';
export type { Cell, Endpoint, EndpointRequest, Reply } from './resilience/endpoint.js';
export { differs, judgeDegradedHeaders, judgeWhole } from './resilience/judge-rest.js';
export { restEndpoints, type RestExamples } from './resilience/rest-endpoints.js';
export { resilienceMatrix, resilienceSuite, type Matrix, type ResilienceOptions } from './resilience/resilience-suite.js';
