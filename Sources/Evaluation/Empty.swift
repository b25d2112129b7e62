import Groundwork
