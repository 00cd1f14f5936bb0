import type { RequestContext } from '@facet/context';
import { UsersImportService, UsersService } from '@facet/contracts/users/grpc';
import { InjectDatabase } from '@facet/database';
import { BatchRpc, Rpc, type BatchContext, type BatchItem } from '@facet/service-kit';
import { Controller } from '@nestjs/common';
import type { Db } from '../store/tables.js';
import { getUsers } from './get-users.js';
import { importUsers } from './import-users.js';
import { GetUser, ImportUsers, UpdateUser } from './requests.js';
import { updateUser } from './update-user.js';

@Controller()
export class UsersController {
  constructor(@InjectDatabase() private readonly db: Db) {}

  @BatchRpc(UsersService, 'getUser', GetUser)
  getUsers(items: readonly BatchItem<GetUser>[], context: BatchContext) {
    return getUsers(this.db, items, context);
  }

  @Rpc(UsersService, 'updateUser', UpdateUser)
  updateUser(request: UpdateUser, context: RequestContext) {
    return updateUser(this.db, request, context);
  }

  @Rpc(UsersImportService, 'importUsers', ImportUsers)
  importUsers(request: ImportUsers, context: RequestContext) {
    return importUsers(this.db, request, context);
  }
}
