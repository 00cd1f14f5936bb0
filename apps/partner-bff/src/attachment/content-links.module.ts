import { Module, type DynamicModule } from '@nestjs/common';
import { ContentLinks } from './content-links.js';

/** Links to bytes, for who makes them and for the guard that opens them. */
@Module({})
export class ContentLinksModule {
  static forRoot(rootKey: Uint8Array): DynamicModule {
    return {
      module: ContentLinksModule,
      global: true,
      providers: [{ provide: ContentLinks, useValue: new ContentLinks(rootKey) }],
      exports: [ContentLinks],
    };
  }
}
