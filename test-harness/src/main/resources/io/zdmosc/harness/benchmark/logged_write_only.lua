-- sysbench's oltp_write_only, with a line for every transaction that has committed: when it ended
-- and how long it took, both in microseconds. The time of attempts that failed is part of it.
-- Errors other than deadlocks and lock waits are lines too, with the letter E.
require("oltp_write_only")

local ffi = require("ffi")
ffi.cdef([[
typedef struct { long seconds; long micros; } logged_time;
int gettimeofday(logged_time *now, void *zone);
]])

sysbench.cmdline.options.log_folder = {"Where the transactions are logged", "."}

local clock = ffi.new("logged_time")
local function now()
   ffi.C.gettimeofday(clock, nil)
   return tonumber(clock.seconds) * 1000000 + tonumber(clock.micros)
end

local transaction = event
local connect = thread_init
local log
local begun
local written = 0

function thread_init()
   connect()
   log = assert(io.open(sysbench.opt.log_folder .. "/transactions." .. sysbench.tid, "w"))
   log:setvbuf("full", 65536)
end

function event()
   begun = begun or now()
   transaction()
   local ended = now()
   log:write(string.format("%.0f %.0f\n", ended, ended - begun))
   begun = nil
   if ended - written > 200000 then
      log:flush()
      written = ended
   end
end

local restart = sysbench.hooks.before_restart_event

function sysbench.hooks.before_restart_event(errdesc)
   if errdesc.sql_errno ~= 1213 and errdesc.sql_errno ~= 1205 then
      log:write(string.format("%.0f E\n", now()))
   end
   restart(errdesc)
end
