import 'reflect-metadata';
import { bootstrap } from '@facet/service-kit';
import { httpService } from '@facet/service-kit/http';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

const config = readConfig();
const { PORT: port, INTERNAL_KEYS: internalKeys, UPLOAD_MS: receiveMs } = config;
const server = httpService({ port, internalKeys, streams: ['multipart/form-data'], receiveMs });

await bootstrap({ name: 'media-service', config, module: AppModule.forRoot(config), server });
