import { RoomsService } from '@facet/contracts/rooms/grpc';
import type { ServiceDefinition } from '@facet/service-kit/wire';

const { getRoom, batchGetRooms, listRooms, batchListRooms } = RoomsService.methods;

/** What the soak's services serve of RoomsService. */
export const soakRooms: ServiceDefinition = {
  name: RoomsService.name,
  fullName: RoomsService.fullName,
  methods: { getRoom, batchGetRooms, listRooms, batchListRooms },
  batchedBy: { getRoom: 'batchGetRooms', listRooms: 'batchListRooms' },
};
