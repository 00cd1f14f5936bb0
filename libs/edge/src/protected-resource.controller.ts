import { Controller, Get, Inject } from '@nestjs/common';
import { Public } from '@facet/auth';
import { Faults } from './faults.decorator.js';
import { metadataPath, ResourceMetadata } from './protected-resource.js';
import { Returns } from './returns.decorator.js';

/** METADATA: token of the ResourceMetadata. */
export const METADATA = Symbol('metadata of the protected resource');

/** ProtectedResourceController: whose tokens an API takes, and how. */
@Controller(metadataPath)
@Public()
@Faults({})
export class ProtectedResourceController {
  constructor(@Inject(METADATA) private readonly metadata: ResourceMetadata) {}

  @Get()
  @Returns(ResourceMetadata, { summary: 'Whose access tokens this API takes, and how they are shown (RFC 9728)' })
  show(): ResourceMetadata {
    return this.metadata;
  }
}
