type DocsFile = 'page' | 'script';

let files: Promise<Record<DocsFile, string>> | undefined;

/** docsFile: the page that shows `openapi.json`, or its script: Scalar, bundled. Nothing of it is in memory before somebody asks. */
export async function docsFile(name: DocsFile): Promise<string> {
  files ??= renderDocs();
  return (await files)[name];
}

// Without what would ask other hosts: fonts, usage counts, the vendor's clients, chat and servers.
const configuration = {
  url: 'openapi.json',
  cdn: 'docs/scalar.js',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  authentication: { preferredSecurityScheme: 'bearer' },
} as const;

async function renderDocs(): Promise<Record<DocsFile, string>> {
  const [{ fastify }, { default: apiReference }] = await Promise.all([import('fastify'), import('@scalar/fastify-api-reference')]);
  const scratch = fastify();
  await scratch.register(apiReference, {
    routePrefix: '/docs',
    configuration,
  });
  const [page, script] = await Promise.all([scratch.inject('/docs/'), scratch.inject('/docs/js/scalar.js')]);
  await scratch.close();
  return { page: page.body, script: script.body };
}
