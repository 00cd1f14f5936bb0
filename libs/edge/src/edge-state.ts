import { openApi, type OpenApiInfo } from './open-api.js';
import type { Route } from './route.js';

/** EdgeState: what the edge's own controllers know of the running application. */
export class EdgeState {
  draining = false;
  routes: readonly Route[] = [];
  /** Names of the parts that are not ready. */
  findUnready: () => Promise<string[]> = () => Promise.resolve(['start']);
  private document: string | undefined;

  constructor(readonly documentation: OpenApiInfo | undefined) {}

  /** The OpenAPI document as JSON, made when first asked for. */
  openApiDocument(): string {
    if (!this.documentation) throw new Error('This application has no OpenAPI document');
    this.document ??= JSON.stringify(openApi(this.routes, this.documentation));
    return this.document;
  }
}
